//! The command line.

use crate::{
    accounts::HashCost,
    http::{host, network, origin},
    session_check::{format::Format, severity::Severity},
    sessions::{Lifetime, Policy},
    tls::Certificate,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

/// Storage Lab: see where the web keeps things.
///
/// Without a command it serves: http://localhost:3000, with an SQLite database in data/.
#[derive(Debug, Parser)]
#[command(name = "storage-lab", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; `serve` if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of `serve`.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the lab until SIGTERM or Ctrl-C; open requests are finished first
    Serve(Box<ServeArgs>),
    /// Say of each thing that `serve` needs whether it is right, and what to do where it is not; give it the options of `serve`.
    /// The exit code is 1 after a failure; warnings leave it at 0
    Check(Box<ServeArgs>),
    /// Log in to an app of yours, log out, and say what is right and what is wrong with its sessions. The exit code is 1 where
    /// something as bad as --fail-on was found, and 2 where nothing could be found out
    CheckSession(CheckSessionArgs),
    /// Copy the database into a new file while servers run (SQLite), or print how pg_dump does it (PostgreSQL)
    Backup {
        /// Which database
        #[command(flatten)]
        database: DatabaseArgs,
        /// The new file, which only its owner may read
        file: PathBuf,
    },
    /// Put a backup in the database's place while no server runs (SQLite), or print how pg_restore does it (PostgreSQL)
    Restore {
        /// Which database
        #[command(flatten)]
        database: DatabaseArgs,
        /// The backup
        file: PathBuf,
        /// Without this a database that is there stays; with it, it is kept beside the restored one
        #[arg(long)]
        yes: bool,
    },
    /// List, disable, enable and delete accounts, and make links for new passwords
    Users {
        /// Which database
        #[command(flatten)]
        database: DatabaseArgs,
        /// What to do
        #[command(subcommand)]
        action: UsersAction,
    },
    /// List and end sessions
    Sessions {
        /// Which database
        #[command(flatten)]
        database: DatabaseArgs,
        /// What to do
        #[command(subcommand)]
        action: SessionsAction,
    },
    /// Import columns into the atlas, list and remove them
    Atlas {
        /// Which database
        #[command(flatten)]
        database: DatabaseArgs,
        /// What to do
        #[command(subcommand)]
        action: AtlasAction,
    },
    /// List what operators did by these commands
    Operations {
        /// Which database
        #[command(flatten)]
        database: DatabaseArgs,
        /// What to do
        #[command(subcommand)]
        action: OperationsAction,
    },
    /// Print how many password hashes this machine makes in a second on all its cores, for comparison
    BenchHash {
        /// How long to measure, in seconds
        #[arg(long, default_value_t = 3)]
        seconds: u64,
        /// What one hash costs
        #[command(flatten)]
        cost: CostArgs,
    },
}

/// What an operator can do to accounts.
#[derive(Debug, Subcommand)]
pub enum UsersAction {
    /// Print every account: name, when it was made, whether it is disabled, how many sessions it has
    List,
    /// Close an account for log-ins and end its sessions; nothing is deleted
    Disable {
        /// Its username
        name: String,
    },
    /// Open a disabled account again
    Enable {
        /// Its username
        name: String,
    },
    /// Print a link by which the owner of an account sets a new password, once and within 30 minutes; an earlier one is void
    Reset {
        /// Its username
        name: String,
        /// The site that the link leads to, as an origin
        #[arg(long, default_value = "http://localhost:3000", value_name = "ORIGIN", value_parser = origin)]
        site: String,
    },
    /// Delete an account, its sessions and all that is kept of it
    Delete {
        /// Its username
        name: String,
        /// Without this nothing is deleted
        #[arg(long)]
        yes: bool,
    },
}

/// What an operator can do to sessions.
#[derive(Debug, Subcommand)]
pub enum SessionsAction {
    /// Print the sessions of an account: device, address, first and last seen, end
    List {
        /// Its username
        #[arg(long, value_name = "NAME")]
        user: String,
    },
    /// End the sessions of an account, or all there are
    #[command(group(clap::ArgGroup::new("whose").required(true)))]
    Revoke {
        /// Its username
        #[arg(long, value_name = "NAME", group = "whose")]
        user: Option<String>,
        /// Everybody's, the anonymous ones too
        #[arg(long, group = "whose")]
        all: bool,
    },
}

/// What an operator can do to the atlas.
#[derive(Debug, Subcommand)]
pub enum AtlasAction {
    /// Show the columns of a file on the page /atlas, marked as imported: one that a visitor exported, or that script/atlas wrote
    Import {
        /// The file; - reads the standard input
        file: PathBuf,
        /// What to call them on the page
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Print what was imported: id, name, browser, when it was measured and imported
    List,
    /// Show an imported column no longer
    Remove {
        /// Its id, as it is listed
        id: i64,
    },
}

/// What there is to know about operations.
#[derive(Debug, Subcommand)]
pub enum OperationsAction {
    /// Print every command that changed something: when, which user of the system gave it, what was done and to what
    List,
}

/// The database.
#[derive(Clone, Debug, Args)]
pub struct DatabaseArgs {
    /// Where accounts and sessions are kept: sqlite://FILE (serve makes it if missing) or postgres://USER@HOST/NAME
    #[arg(long, global = true, env = "STORAGE_LAB_DATABASE_URL", default_value = "sqlite://data/storage-lab.db", hide_env_values = true, value_parser = database_url)]
    pub database_url: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line, for machines
    Json,
}

/// Something that is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is there
    On,
    /// It is not
    Off,
}

/// Certificates that need no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TlsMode {
    /// One for localhost, 127.0.0.1 and ::1, of which the browser warns
    SelfSigned,
}

/// The options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, env = "STORAGE_LAB_ADDR", default_value = "127.0.0.1:3000", value_name = "ADDRESS:PORT")]
    pub addr: SocketAddr,

    /// A proxy in front, as an address or a network, whose X-Forwarded-For and X-Forwarded-Proto are believed; repeatable
    #[arg(long = "trusted-proxy", env = "STORAGE_LAB_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// A name under which this server answers, beside IP addresses, localhost and the other sites; under any other it answers 421;
    /// repeatable
    #[arg(long = "host", env = "STORAGE_LAB_HOST", value_name = "NAME", value_delimiter = ',', value_parser = host)]
    pub hosts: Vec<String>,

    /// Another site under which this server answers, as an origin, for what crosses from site to site; given twice, each is
    /// the other's. On this machine localhost and 127.0.0.1 are that anyway
    #[arg(long = "other-site", env = "STORAGE_LAB_OTHER_SITE", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin)]
    pub other_sites: Vec<String>,

    /// The database
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// A log-in ends after this long without a request, such as 30m or 45s
    #[arg(long, env = "STORAGE_LAB_IDLE_TIMEOUT", default_value = "30m", value_parser = span)]
    pub idle_timeout: Duration,

    /// A log-in ends after this long in any case
    #[arg(long, env = "STORAGE_LAB_ABSOLUTE_TIMEOUT", default_value = "12h", value_parser = span)]
    pub absolute_timeout: Duration,

    /// The idle timeout of "keep me logged in"
    #[arg(long, env = "STORAGE_LAB_KEEP_IDLE_TIMEOUT", default_value = "14d", value_parser = span)]
    pub keep_idle_timeout: Duration,

    /// The absolute timeout of "keep me logged in"
    #[arg(long, env = "STORAGE_LAB_KEEP_ABSOLUTE_TIMEOUT", default_value = "30d", value_parser = span)]
    pub keep_absolute_timeout: Duration,

    /// Wrong passwords from one address before it must wait; each further one doubles the wait
    #[arg(long, env = "STORAGE_LAB_ADDRESS_FAILURES", default_value_t = 30, value_name = "N")]
    pub address_failures: u32,

    /// Sign-ups from one address within an hour before it must wait
    #[arg(long, env = "STORAGE_LAB_ADDRESS_SIGN_UPS", default_value_t = 60, value_name = "N")]
    pub address_sign_ups: u32,

    /// Anonymous sessions from one address within an hour before it must wait
    #[arg(long, env = "STORAGE_LAB_ADDRESS_SESSIONS", default_value_t = 300, value_name = "N")]
    pub address_sessions: u32,

    /// Most that the server keeps for the bench, of all visitors together, in MiB; past it the bench says so
    #[arg(long, env = "STORAGE_LAB_BENCH_LIMIT", default_value_t = 512, value_name = "MIB")]
    pub bench_limit: u32,

    /// Serve HTTPS with the certificate in this PEM file, read again at SIGHUP
    #[arg(long, env = "STORAGE_LAB_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The private key of that certificate, a PEM file
    #[arg(long, env = "STORAGE_LAB_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Serve HTTPS with a certificate made at the start: for Safari, which takes no Secure cookie over HTTP
    #[arg(long, env = "STORAGE_LAB_TLS", conflicts_with_all = ["tls_cert", "tls_key"])]
    pub tls: Option<TlsMode>,

    /// Whether the lab's endpoints under /lab are there, by which the bench sets, shows and clears what a visitor tries out
    #[arg(long, env = "STORAGE_LAB_LAB", default_value = "on")]
    pub lab: Switch,

    /// Serve numbers for Prometheus on this address, under /metrics [default: none]
    #[arg(long, env = "STORAGE_LAB_METRICS_ADDR", value_name = "ADDRESS:PORT")]
    pub metrics_addr: Option<SocketAddr>,

    /// Serve the site from a folder, for development: cargo-leptos sets the variable [default: the one that this binary carries]
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "DIR")]
    pub site: Option<PathBuf>,

    /// An app of your own, behind a port of its own
    #[command(flatten)]
    pub app: AppArgs,

    /// How log lines look; what is logged is set by RUST_LOG [default level: info]
    #[arg(long, env = "STORAGE_LAB_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// What a password hash costs
    #[command(flatten)]
    pub cost: CostArgs,
}

/// An app that a port of this server's forwards to.
#[derive(Clone, Debug, Args)]
pub struct AppArgs {
    /// Forward a port of its own to an app of yours, given as an origin: http://localhost:8080 [default: none]
    #[arg(long, env = "STORAGE_LAB_APP", value_name = "ORIGIN", value_parser = origin)]
    pub app: Option<String>,

    /// Address and port of that
    #[arg(long, env = "STORAGE_LAB_APP_ADDR", default_value = "127.0.0.1:3100", value_name = "ADDRESS:PORT")]
    pub app_addr: SocketAddr,

    /// Believe the app's certificate whoever vouches for it, as one of development
    #[arg(long, env = "STORAGE_LAB_APP_INSECURE", requires = "app")]
    pub app_insecure: bool,

    /// Forward also where other machines reach this server: whoever they are, they reach the app then
    #[arg(long, env = "STORAGE_LAB_APP_ALLOW_PUBLIC", requires = "app")]
    pub app_allow_public: bool,

    /// Leave the app's pages as they are: without it they get one line, by which the dock shows their stores
    #[arg(long, env = "STORAGE_LAB_NO_DOCK", requires = "app")]
    pub no_dock: bool,
}

/// The options of `check-session`.
#[derive(Clone, Debug, Args)]
pub struct CheckSessionArgs {
    /// The app, as an origin: http://localhost:8080
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub app: String,

    /// Which requests log in and out: a TOML file, described in docs/YOUR-APP.md
    #[arg(long, value_name = "FILE")]
    pub login: PathBuf,

    /// How the report is written
    #[arg(long, default_value = "markdown")]
    pub format: Format,

    /// From what on a finding makes the exit code 1
    #[arg(long, default_value = "error")]
    pub fail_on: Severity,

    /// Write the values of cookies as they are
    #[arg(long)]
    pub show_secrets: bool,

    /// Believe the app's certificate whoever vouches for it, as one of development
    #[arg(long)]
    pub app_insecure: bool,
}

/// The cost of argon2id.
#[derive(Clone, Copy, Debug, Args)]
pub struct CostArgs {
    /// Memory of one password hash (argon2id), in KiB
    #[arg(long, env = "STORAGE_LAB_HASH_MEMORY_KIB", default_value_t = HashCost::default().memory_kib, value_name = "KIB")]
    pub hash_memory_kib: u32,

    /// Passes over that memory
    #[arg(long, env = "STORAGE_LAB_HASH_ITERATIONS", default_value_t = HashCost::default().iterations, value_name = "N")]
    pub hash_iterations: u32,
}

impl CostArgs {
    /// As the hasher takes it.
    pub fn cost(self) -> HashCost {
        HashCost { memory_kib: self.hash_memory_kib, iterations: self.hash_iterations }
    }
}

impl ServeArgs {
    /// The certificate to serve with; `None` is plain HTTP.
    pub fn certificate(&self) -> Option<Certificate> {
        match (self.tls, &self.tls_cert, &self.tls_key) {
            (Some(TlsMode::SelfSigned), ..) => Some(Certificate::SelfSigned),
            (None, Some(chain), Some(key)) => Some(Certificate::Files { chain: chain.clone(), key: key.clone() }),
            _ => None,
        }
    }

    /// Whether other machines reach the server at this address, be it through a proxy.
    pub fn is_public_at(&self, address: IpAddr) -> bool {
        !address.to_canonical().is_loopback() || !self.trusted_proxies.is_empty()
    }

    /// Whether it serves plain HTTP to other machines at this address, without a proxy that has a certificate.
    pub fn is_plain_at(&self, address: IpAddr) -> bool {
        self.certificate().is_none() && !address.to_canonical().is_loopback() && self.trusted_proxies.is_empty()
    }

    /// The lifetimes of sessions.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn policy(&self) -> Result<Policy, String> {
        let lifetime = |name: &str, idle, absolute| {
            if idle > absolute {
                let (idle, absolute) = (humantime::format_duration(idle), humantime::format_duration(absolute));
                return Err(format!("--{name}idle-timeout {idle} is longer than --{name}absolute-timeout {absolute}"));
            }
            Ok(Lifetime { idle, absolute })
        };
        Ok(Policy {
            ordinary: lifetime("", self.idle_timeout, self.absolute_timeout)?,
            kept: lifetime("keep-", self.keep_idle_timeout, self.keep_absolute_timeout)?,
        })
    }
}

/// A session lives for a second at least and, as a cookie does (RFC 6265bis §5.5), for 400 days at most.
fn span(text: &str) -> Result<Duration, String> {
    let span = humantime::parse_duration(text).map_err(|error| format!("{error}; write it as 30m, 12h or 14d"))?;
    let longest = Duration::from_secs(400 * 86_400);
    if span < Duration::from_secs(1) || span > longest {
        return Err("a timeout lies between 1s and 400d".into());
    }
    Ok(span)
}

fn database_url(text: &str) -> Result<String, String> {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    match scheme {
        Some("sqlite" | "postgres" | "postgresql") => Ok(text.to_owned()),
        _ => Err("it starts with sqlite:// or postgres://".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Cli, String> {
        Cli::try_parse_from(line.split(' ')).map_err(|error| error.to_string())
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serving_is_the_default() {
        assert_eq!(parse("storage-lab --addr 127.0.0.1:4000").unwrap().serve.addr.port(), 4000);
        assert!(matches!(parse("storage-lab serve --addr 127.0.0.1:4000").unwrap().command, Some(Command::Serve(_))));
    }

    #[test]
    fn operators_say_whose_sessions_end() {
        assert!(parse("storage-lab sessions revoke --user ada").is_ok());
        assert!(parse("storage-lab sessions revoke --all --database-url sqlite://x.db").is_ok());
        assert!(parse("storage-lab sessions revoke").unwrap_err().contains("--user <NAME>|--all"));
        assert!(parse("storage-lab sessions revoke --all --user ada").is_err());
    }

    #[test]
    fn a_link_for_a_new_password_leads_to_an_origin() {
        assert!(parse("storage-lab users reset ada --site https://lab.example").is_ok());
        assert!(parse("storage-lab users reset ada --site lab.example").unwrap_err().contains("as an origin"));
    }

    #[test]
    fn trusted_proxies_are_given_one_by_one_or_as_a_list() {
        let proxies =
            |line| parse(line).unwrap().serve.trusted_proxies.iter().map(IpNet::to_string).collect::<Vec<_>>();
        assert_eq!(proxies("storage-lab"), [""; 0]);
        assert_eq!(proxies("storage-lab --trusted-proxy ::1,10.0.0.0/8"), ["::1/128", "10.0.0.0/8"]);
        assert_eq!(
            proxies("storage-lab --trusted-proxy ::1 --trusted-proxy 10.0.0.0/8"),
            proxies("storage-lab --trusted-proxy ::1,10.0.0.0/8")
        );
    }

    #[test]
    fn what_is_said_of_an_app_needs_one() {
        for option in ["--app-insecure", "--app-allow-public", "--no-dock"] {
            assert!(parse(&format!("storage-lab {option}")).unwrap_err().contains("--app <ORIGIN>"), "{option}");
            assert!(parse(&format!("storage-lab --app http://localhost:8080 {option}")).is_ok(), "{option}");
        }
    }

    #[test]
    fn a_certificate_is_two_files_or_our_own() {
        let certificate = |line| parse(line).map(|cli| cli.serve.certificate());
        assert_eq!(certificate("storage-lab"), Ok(None));
        assert_eq!(certificate("storage-lab --tls self-signed"), Ok(Some(Certificate::SelfSigned)));
        let files = Certificate::Files { chain: "a.pem".into(), key: "b.pem".into() };
        assert_eq!(certificate("storage-lab --tls-cert a.pem --tls-key b.pem"), Ok(Some(files)));
        assert!(certificate("storage-lab --tls-cert a.pem").unwrap_err().contains("--tls-key <FILE>"));
        assert!(certificate("storage-lab --tls-key b.pem").unwrap_err().contains("--tls-cert <FILE>"));
        let both = certificate("storage-lab --tls self-signed --tls-cert a.pem --tls-key b.pem");
        assert!(both.unwrap_err().contains("cannot be used with"));
    }

    #[test]
    fn a_wrong_value_is_refused_with_the_reason() {
        assert!(parse("storage-lab --idle-timeout soon").unwrap_err().contains("write it as 30m"));
        assert!(parse("storage-lab --idle-timeout 0s").unwrap_err().contains("between 1s and 400d"));
        assert!(parse("storage-lab --database-url mysql://x").unwrap_err().contains("sqlite://"));
        assert!(parse("storage-lab --trusted-proxy proxy").unwrap_err().contains("a network, 10.0.0.0/8"));
        assert!(parse("storage-lab --addr localhost").unwrap_err().contains("--addr"));
        let policy = parse("storage-lab --idle-timeout 13h").unwrap().serve.policy();
        assert_eq!(policy.unwrap_err(), "--idle-timeout 13h is longer than --absolute-timeout 12h");
    }
}
