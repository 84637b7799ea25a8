//! `storage-lab check`: looks at everything that `serve` needs, before it starts or beside it, and changes nothing.

use crate::{
    accounts::{HashCost, Hasher},
    app_proxy,
    cli::ServeArgs,
    clock::{Clock, SystemClock},
    descriptors::{DESCRIPTORS_WANTED, MOST_CONNECTIONS, most_connections, raise_limit},
    serve::{in_words, site},
    site::PACKAGE,
    store::{Store, StoreError, database_name, side_files, sqlite_file},
    tls::Certificate,
    upkeep::CLOCKS_DIFFER_BY,
};
use std::{
    fmt,
    io::{ErrorKind, Write},
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, UNIX_EPOCH},
};
use tokio::net::TcpSocket;

/// A certificate is to be renewed once it has fewer days left. Automatic renewal is done by then: Let's Encrypt advises it
/// with a third of 90 days left.
const FEW_DAYS: i64 = 14;
const DAY: i64 = 86_400;
/// 2026-01-01, in UTC seconds: this program is younger.
const LEAST_TIME: i64 = 1_767_225_600;

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// As it should be.
    Ok,
    /// The server works, but not as well or as safely as it should.
    Warning,
    /// The server does not start, or does harm.
    Failure,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        })
    }
}

/// What was found out about one thing.
struct Finding {
    verdict: Verdict,
    subject: &'static str,
    /// How it is and, unless that is right, what to do.
    words: String,
}

fn finding(verdict: Verdict, subject: &'static str, words: impl Into<String>) -> Finding {
    Finding { verdict, subject, words: words.into() }
}

/// Writes a line about each thing.
///
/// # Errors
/// How many failures there are, in words.
pub async fn check(args: &ServeArgs, out: &mut impl Write) -> Result<(), String> {
    let mut findings = vec![check_options(args), check_site(args), check_address(args, args.addr)];
    // Before it is opened: what a killed server left in the log is written into the file then.
    let changed = last_change(&args.database.database_url);
    let (database, now) = check_database(&args.database.database_url).await;
    findings.extend([database, check_clock(now, changed)]);
    findings.push(check_files(args));
    findings.extend(args.certificate().map(|certificate| check_certificate(&certificate)));
    findings.push(check_descriptors());
    findings.extend(args.app.app.as_deref().map(|app| check_app(args, app)));

    for Finding { verdict, subject, words } in &findings {
        writeln!(out, "{verdict:<8} {subject:<14} {words}").map_err(|error| error.to_string())?;
    }
    match findings.iter().filter(|finding| finding.verdict == Verdict::Failure).count() {
        0 => Ok(()),
        failures => Err(format!("{failures} of {} checks failed", findings.len())),
    }
}

/// The options among themselves.
fn check_options(args: &ServeArgs) -> Finding {
    const SUBJECT: &str = "options";
    if let Err(contradiction) = args.policy() {
        return finding(Verdict::Failure, SUBJECT, format!("{contradiction}. Change one of them."));
    }
    let (cost, usual) = (args.cost.cost(), HashCost::default());
    if let Err(error) = Hasher::new(cost, 1) {
        return finding(
            Verdict::Failure,
            SUBJECT,
            format!("{error}. Choose others with --hash-memory-kib and --hash-iterations."),
        );
    }
    let work = |cost: HashCost| u64::from(cost.memory_kib) * u64::from(cost.iterations);
    if work(cost) < work(usual) {
        let words = format!(
            "a password hash of {} KiB and {} passes is weaker than ASVS allows. Leave out --hash-memory-kib and \
             --hash-iterations.",
            cost.memory_kib, cost.iterations
        );
        return finding(Verdict::Warning, SUBJECT, words);
    }
    if args.metrics_addr.is_some_and(|address| !address.ip().to_canonical().is_loopback()) {
        let words = "--metrics-addr can be reached from other machines. See that the public cannot.";
        return finding(Verdict::Warning, SUBJECT, words);
    }
    finding(Verdict::Ok, SUBJECT, "they go together")
}

/// The files that browsers fetch.
fn check_site(args: &ServeArgs) -> Finding {
    const SUBJECT: &str = "site";
    let site = match site(args) {
        Ok(site) => site,
        Err(reason) => return finding(Verdict::Failure, SUBJECT, reason.to_string()),
    };
    let Some(folder) = args.site.as_ref().map(|folder| folder.join(PACKAGE)) else {
        return finding(Verdict::Ok, SUBJECT, format!("this binary carries it, at {}", site.package));
    };
    if folder.read_dir().is_ok_and(|mut files| files.next().is_some()) {
        finding(Verdict::Ok, SUBJECT, format!("it is built, in {}", folder.display()))
    } else {
        let words = format!("there are no built files in {}. Build them with script/build.", folder.display());
        finding(Verdict::Failure, SUBJECT, words)
    }
}

/// Where the server listens, and under which names.
fn check_address(args: &ServeArgs, address: SocketAddr) -> Finding {
    const SUBJECT: &str = "address";
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    // As `listen::bind` does, except that no connection can come in.
    let bound = socket.and_then(|socket| socket.set_reuseaddr(true).and_then(|()| socket.bind(address)));
    let taken = match bound {
        Ok(()) => "is free",
        Err(error) if error.kind() == ErrorKind::AddrInUse => "is in use, by this server if it runs",
        Err(error) => {
            return finding(
                Verdict::Failure,
                SUBJECT,
                format!("cannot listen on {address}: {error}. Choose another with --addr."),
            );
        }
    };
    if args.is_plain_at(address.ip()) {
        let words = format!(
            "{address} is plain HTTP beyond this machine: passwords can be read on their way. Give --tls-cert and --tls-key, or \
             name the proxy that has a certificate with --trusted-proxy."
        );
        return finding(Verdict::Warning, SUBJECT, words);
    }
    if args.is_public_at(address.ip()) && args.hosts.is_empty() && args.other_sites.is_empty() {
        let words = format!(
            "{address} {taken}, but the server answers under IP addresses and this machine's own names alone. Give its name \
             with --host."
        );
        return finding(Verdict::Warning, SUBJECT, words);
    }
    finding(Verdict::Ok, SUBJECT, format!("{address} {taken}"))
}

/// The app that a port forwards to.
fn check_app(args: &ServeArgs, app: &str) -> Finding {
    match app_proxy::check(&args.app, args.addr, args.is_public_at(args.addr.ip())) {
        Ok(()) => finding(Verdict::Ok, "app", format!("{} forwards to {app}", args.app.app_addr)),
        Err(error) => finding(Verdict::Failure, "app", error.to_string()),
    }
}

/// The database, and what its clock shows, in UTC seconds, where it has one of its own.
async fn check_database(url: &str) -> (Finding, Option<i64>) {
    let told = |verdict, words: String| (finding(verdict, "database", words), None);
    let name = match database_name(url) {
        Ok(name) => name,
        Err(error) => {
            let error = in_words(&error);
            let words =
                format!("cannot read --database-url: {error}. Write it as sqlite://FILE or postgres://USER@HOST/NAME.");
            return told(Verdict::Failure, words);
        }
    };
    match Store::open_existing(url).await {
        Ok(store) => {
            let now = store.now().await;
            store.close().await;
            (told(Verdict::Ok, format!("{name} answers, and its tables are this version's")).0, now.ok().flatten())
        }
        Err(error @ (StoreError::Missing | StoreError::NoSchema)) => told(
            Verdict::Warning,
            format!("{name}: {error}. A server that starts makes them; if there should be one, check --database-url."),
        ),
        Err(error @ StoreError::OtherSchema { found, known }) if found < known => told(
            Verdict::Warning,
            format!("{name}: {error}. A server that starts migrates it. Make a backup first: storage-lab backup FILE"),
        ),
        Err(error @ StoreError::OtherSchema { .. }) => told(
            Verdict::Failure,
            format!("{name}: {error}. Use the program that made it, or restore a backup from before the upgrade."),
        ),
        Err(error) => told(
            Verdict::Failure,
            format!("{name}: {}. Check --database-url, and whether the database runs.", in_words(&error)),
        ),
    }
}

/// When an SQLite database was last written to, in UTC seconds.
fn last_change(url: &str) -> Option<i64> {
    let changed = sqlite_file(url).ok()??.metadata().ok()?.modified().ok()?;
    i64::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// This machine's clock beside the database's, or beside the last change of the database's file.
fn check_clock(database: Option<i64>, changed: Option<i64>) -> Finding {
    const SUBJECT: &str = "clock";
    const REMEDY: &str = "Set it right, and let NTP keep it so.";
    let now = SystemClock.now();
    let shown = humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(now.unsigned_abs()));
    let ahead = database.map_or(0, |database| now - database);
    if now < LEAST_TIME {
        finding(Verdict::Failure, SUBJECT, format!("it shows {shown}, which is past. {REMEDY}"))
    } else if ahead.abs() > CLOCKS_DIFFER_BY {
        let words = format!("it shows {shown}, {ahead} s ahead of the database's: nothing is swept away. {REMEDY}");
        finding(Verdict::Warning, SUBJECT, words)
    } else if changed.is_some_and(|changed| changed > now + CLOCKS_DIFFER_BY) {
        let words = format!("it shows {shown}, and the database was changed later than that. {REMEDY}");
        finding(Verdict::Warning, SUBJECT, words)
    } else {
        finding(Verdict::Ok, SUBJECT, format!("it shows {shown}"))
    }
}

/// Who may read the files with secrets: the database and the private key.
fn check_files(args: &ServeArgs) -> Finding {
    const SUBJECT: &str = "files";
    let mut files: Vec<PathBuf> = args.tls_key.iter().cloned().collect();
    if let Ok(Some(database)) = sqlite_file(&args.database.database_url) {
        files.extend(side_files(&database));
        files.push(database);
    }
    let exposed = files.iter().filter_map(|file| {
        let mode = file.metadata().ok()?.permissions().mode() & 0o777;
        let (verdict, who) = match mode {
            mode if mode & 0o007 != 0 => (Verdict::Failure, "everybody on this machine"),
            mode if mode & 0o070 != 0 => (Verdict::Warning, "its group"),
            _ => return None,
        };
        Some((verdict, format!("{0} has mode {mode:o}: {who} comes at it. chmod 600 {0}", file.display())))
    });
    match exposed.max_by_key(|(verdict, _)| *verdict) {
        Some((verdict, words)) => finding(verdict, SUBJECT, words),
        None => finding(
            Verdict::Ok,
            SUBJECT,
            "the database and the private key, where there are such files, are their owner's alone",
        ),
    }
}

fn check_certificate(certificate: &Certificate) -> Finding {
    const SUBJECT: &str = "certificate";
    const REMEDY: &str = "Renew it, then send the server SIGHUP.";
    let times = certificate.load(&SystemClock).and_then(|_| certificate.times());
    let times = match times {
        Ok(Some(times)) => times,
        Ok(None) => return finding(Verdict::Ok, SUBJECT, "one of its own is made at each start, for this machine"),
        Err(error) => return finding(Verdict::Failure, SUBJECT, error.to_string()),
    };
    let now = SystemClock.now();
    let days = (times.end - now).div_euclid(DAY);
    if now < times.start {
        return finding(Verdict::Failure, SUBJECT, "it does not hold yet. Check the clock, or use the one before it.");
    }
    match days {
        ..0 => finding(Verdict::Failure, SUBJECT, format!("it has ended. {REMEDY}")),
        0..FEW_DAYS => finding(Verdict::Warning, SUBJECT, format!("it has {days} days left. {REMEDY}")),
        _ => finding(Verdict::Ok, SUBJECT, format!("it has {days} days left, and its key goes with it")),
    }
}

/// How many connections the limit of descriptors allows.
fn check_descriptors() -> Finding {
    const SUBJECT: &str = "descriptors";
    let limit = raise_limit().map_or("no limit".to_owned(), |limit| format!("a limit of {limit}"));
    match most_connections() {
        most if most < MOST_CONNECTIONS => {
            let words = format!(
                "{limit} lets {most} connections be open at once. Raise the hard limit to {DESCRIPTORS_WANTED}: LimitNOFILE= in a \
                 systemd unit, ulimit -Hn in a shell."
            );
            finding(Verdict::Warning, SUBJECT, words)
        }
        most => finding(Verdict::Ok, SUBJECT, format!("{limit} lets {most} connections be open at once")),
    }
}
