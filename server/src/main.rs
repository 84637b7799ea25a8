//! The binary `storage-lab`.

use clap::Parser;
use server::{
    accounts::Hasher,
    backup::{backup, restore},
    check::check,
    cli::{Cli, Command},
    log::log_to_stderr,
    operate,
    serve::{hashing_threads, serve},
    session_check::check_session,
};
use std::{io::Write, process::ExitCode, time::Duration};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Some(Command::BenchHash { seconds, cost }) => Hasher::new(cost.cost(), hashing_threads())
            .and_then(|hasher| hasher.measure(Duration::from_secs(seconds)))
            .map_err(|error| error.to_string())
            .and_then(|rate| writeln!(std::io::stdout(), "{rate:.2}").map_err(|error| error.to_string())),
        Some(Command::Check(args)) => check(&args, &mut std::io::stdout()).await,
        Some(Command::CheckSession(args)) => match check_session(&args, &mut std::io::stdout()).await {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(reason) => {
                let _ = writeln!(std::io::stderr(), "storage-lab: {reason}");
                return ExitCode::from(2);
            }
        },
        Some(Command::Backup { database, file }) => {
            backup(&database, &file, &mut std::io::stdout()).await.map_err(|error| error.to_string())
        }
        Some(Command::Restore { database, file, yes }) => {
            restore(&database, &file, yes, &mut std::io::stdout()).await.map_err(|error| error.to_string())
        }
        Some(Command::Users { database, action }) => operate::users(&database, action, &mut std::io::stdout()).await,
        Some(Command::Sessions { database, action }) => {
            operate::sessions(&database, action, &mut std::io::stdout()).await
        }
        Some(Command::Atlas { database, action }) => operate::atlas(&database, action, &mut std::io::stdout()).await,
        Some(Command::Operations { database, action }) => {
            operate::operations(&database, action, &mut std::io::stdout()).await
        }
        Some(Command::Serve(args)) => {
            let _log = log_to_stderr(args.log_format);
            serve(*args).await.map_err(|error| error.to_string())
        }
        None => {
            let _log = log_to_stderr(cli.serve.log_format);
            serve(cli.serve).await.map_err(|error| error.to_string())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "storage-lab: {reason}");
            ExitCode::FAILURE
        }
    }
}
