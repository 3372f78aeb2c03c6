//! The embedded cluster with a real PostgreSQL, as root and as an ordinary user.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};
use tessera::{Cluster, ClusterError, ClusterSettings as Settings};

const DATA_DIR: &str = "TESSERA_TEST_DATA_DIR";

/// A data directory of one test; every process that works on it must be gone when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("tessera-cluster-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn settings(&self) -> Settings {
        Settings {
            data_dir: self.0.join("data"),
            server_options: vec![("fsync".to_owned(), "off".to_owned())],
            ..Settings::default()
        }
    }

    async fn start(&self) -> Cluster {
        Cluster::start(&self.settings()).await.unwrap()
    }

    /// The processes that name this directory on their command line, or work in it.
    fn processes(&self) -> Vec<String> {
        let mut found = Vec::new();
        for entry in Path::new("/proc").read_dir().unwrap().filter_map(Result::ok) {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            let cwd = std::fs::read_link(entry.path().join("cwd")).unwrap_or_default();
            if line.contains(&*self.0.to_string_lossy()) || cwd.starts_with(&self.0) {
                found.push(line);
            }
        }
        found
    }

    async fn assert_no_process_left(&self) {
        let start = Instant::now();
        while !self.processes().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", self.processes());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Another process with a cluster: this test binary, running only `a_process_with_a_cluster`.
struct Other {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Other {
    fn spawn(scratch: &Scratch) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["a_process_with_a_cluster", "--exact", "--nocapture"])
            .env(DATA_DIR, scratch.0.join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Waits until it has its cluster; says whether it is `owner` or `guest`.
    fn role(&mut self) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some((_, role)) = line.trim().split_once("cluster: ") {
                return role.to_owned();
            }
            line.clear();
        }
        panic!("the other process ended");
    }

    fn stop(mut self) {
        self.child.stdin.take().unwrap().write_all(b"stop\n").unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// The other process of the tests below, which run it by name; alone it has nothing to do.
#[tokio::test]
async fn a_process_with_a_cluster() {
    let Some(data_dir) = std::env::var_os(DATA_DIR) else {
        return;
    };
    let settings = Settings { data_dir: data_dir.into(), ..Settings::default() };
    let cluster = Cluster::start(&settings).await.unwrap();
    println!("cluster: {}", if cluster.is_owner() { "owner" } else { "guest" });
    let wait = || std::io::stdin().read_line(&mut String::new());
    if tokio::task::spawn_blocking(wait).await.unwrap().is_ok_and(|bytes| bytes > 0) {
        cluster.stop().await.unwrap();
    }
}

async fn connect(cluster: &Cluster) -> PgConnection {
    cluster.connect_options().connect().await.unwrap()
}

async fn run(cluster: &Cluster, sql: &str) {
    let mut connection = connect(cluster).await;
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

async fn count(cluster: &Cluster) -> i64 {
    sqlx::query_scalar("select count(*) from kept").fetch_one(&mut connect(cluster).await).await.unwrap()
}

fn postmaster(cluster: &Cluster) -> String {
    let file = cluster.log_file().with_file_name("data").join("postmaster.pid");
    std::fs::read_to_string(file).unwrap().lines().next().unwrap().to_owned()
}

fn kill_9(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

#[tokio::test]
async fn a_restart_keeps_the_data_and_leaves_no_process() {
    let scratch = Scratch::new("restart");
    let start = Instant::now();
    let cluster = scratch.start().await;
    println!("first start: {:?}", start.elapsed());
    assert!(cluster.is_owner());
    run(&cluster, "create table kept as select generate_series(1, 100) as n").await;
    let start = Instant::now();
    cluster.stop().await.unwrap();
    println!("stop: {:?}", start.elapsed());
    scratch.assert_no_process_left().await;

    let start = Instant::now();
    let cluster = scratch.start().await;
    println!("warm start: {:?}", start.elapsed());
    assert_eq!(count(&cluster).await, 100);
    cluster.stop().await.unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn the_role_is_no_superuser_but_makes_roles_and_databases() {
    let scratch = Scratch::new("role");
    let cluster = scratch.start().await;
    let rights: (bool, bool, bool, bool) = sqlx::query_as(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user",
    )
    .fetch_one(&mut connect(&cluster).await)
    .await
    .unwrap();
    assert_eq!(rights, (false, false, true, true));
    run(&cluster, "create role tessera_app nologin").await;
    run(&cluster, "create database another").await;
    run(&cluster, "create extension pg_trgm").await;
    run(&cluster, "create table mine (id bigint)").await;

    let settings: (String, String, String, String, String) = sqlx::query_as(
        "select datcollate, datctype, lower('ÄÖÜ'), current_setting('data_checksums'),
                current_setting('listen_addresses')
         from pg_database where datname = current_database()",
    )
    .fetch_one(&mut connect(&cluster).await)
    .await
    .unwrap();
    assert_eq!((settings.0.as_str(), settings.2.as_str()), ("C", "äöü"));
    assert_eq!((settings.3.as_str(), settings.4.as_str()), ("on", ""));
    let mut superuser = cluster.superuser_options().connect().await.unwrap();
    let is_super: String = sqlx::query_scalar("show is_superuser").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(is_super, "on");
    drop(superuser);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_process_is_a_guest_and_stops_nothing() {
    let scratch = Scratch::new("guest");
    let cluster = scratch.start().await;
    let mut other = Other::spawn(&scratch);
    assert_eq!(other.role(), "guest");
    other.stop();
    let guest = scratch.start().await;
    assert!(!guest.is_owner());
    run(&guest, "create table kept as select 1 as n").await;
    guest.stop().await.unwrap();
    assert_eq!(count(&cluster).await, 1);
    cluster.stop().await.unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn a_guest_whose_owner_left_can_start_the_cluster_itself() {
    let scratch = Scratch::new("left");
    let mut owner = Other::spawn(&scratch);
    assert_eq!(owner.role(), "owner");
    let guest = scratch.start().await;
    run(&guest, "create table kept as select 1 as n").await;
    owner.stop();
    assert!(guest.connect_options().connect().await.is_err());

    let cluster = scratch.start().await;
    assert!(cluster.is_owner());
    assert_eq!(count(&cluster).await, 1);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_owner_takes_its_server_along_and_the_next_start_keeps_the_data() {
    let scratch = Scratch::new("killed");
    for round in 1..=3 {
        let mut owner = Other::spawn(&scratch);
        assert_eq!(owner.role(), "owner");
        let guest = scratch.start().await;
        run(&guest, "create table if not exists kept (n int)").await;
        run(&guest, "insert into kept values (1)").await;
        owner.child.kill().unwrap();
        // In the last round the dead owner stays a zombie as well, as under a parent that never asks.
        if round < 3 {
            owner.child.wait().unwrap();
        }

        let start = Instant::now();
        let cluster = scratch.start().await;
        println!("start after the owner was killed: {:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(5));
        assert!(cluster.is_owner());
        assert_eq!(count(&cluster).await, round);
        cluster.stop().await.unwrap();
        owner.child.wait().unwrap();
    }
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn a_killed_owner_leaves_no_process() {
    let scratch = Scratch::new("alone");
    let mut owner = Other::spawn(&scratch);
    assert_eq!(owner.role(), "owner");
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn an_owner_that_ends_without_stopping_leaves_no_process() {
    let scratch = Scratch::new("leaves");
    let mut owner = Other::spawn(&scratch);
    assert_eq!(owner.role(), "owner");
    drop(owner.child.stdin.take());
    owner.child.wait().unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn a_killed_server_is_recovered() {
    let scratch = Scratch::new("server");
    let cluster = scratch.start().await;
    run(&cluster, "create table kept as select 1 as n").await;
    run(&cluster, "insert into kept values (2)").await;
    let mut idle = connect(&cluster).await;
    kill_9(&postmaster(&cluster));

    let start = Instant::now();
    let again = scratch.start().await;
    println!("start after the server was killed: {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(again.is_owner());
    assert_eq!(count(&again).await, 2);
    assert!(sqlx::query("select 1").execute(&mut idle).await.is_err());
    again.stop().await.unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn server_and_owner_killed_at_once_are_recovered() {
    let scratch = Scratch::new("both");
    let mut owner = Other::spawn(&scratch);
    assert_eq!(owner.role(), "owner");
    let guest = scratch.start().await;
    run(&guest, "create table kept as select 1 as n").await;
    owner.child.kill().unwrap();
    kill_9(&postmaster(&guest));

    let start = Instant::now();
    let cluster = scratch.start().await;
    println!("start after both were killed: {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(count(&cluster).await, 1);
    cluster.stop().await.unwrap();
    owner.child.wait().unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn of_two_first_starts_one_owns_and_the_other_joins() {
    let scratch = Scratch::new("two");
    let mut others = [Other::spawn(&scratch), Other::spawn(&scratch), Other::spawn(&scratch)];
    let mut roles: Vec<_> = others.iter_mut().map(Other::role).collect();
    roles.sort();
    assert_eq!(roles, ["guest", "guest", "owner"]);
    for other in others {
        other.stop();
    }
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn an_interrupted_initdb_is_repeated() {
    let scratch = Scratch::new("initdb");
    let mut owner = Other::spawn(&scratch);
    let new = scratch.0.join("data/postgres/data.new/base");
    while !new.exists() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    let cluster = scratch.start().await;
    run(&cluster, "create table kept as select 1 as n").await;
    cluster.stop().await.unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn a_stale_pid_file_does_not_delay_a_start() {
    use std::os::unix::fs::MetadataExt;
    let scratch = Scratch::new("stale");
    let cluster = scratch.start().await;
    let socket = scratch.0.join("data/postgres/socket/.s.PGSQL.5432.lock");
    let file = cluster.log_file().with_file_name("data").join("postmaster.pid");
    let real = std::fs::read_to_string(&file).unwrap();
    cluster.stop().await.unwrap();

    // A zombie, until the end of the test.
    let mut zombie = Command::new("true").spawn().unwrap();
    // A number that something else has by now; of PostgreSQL's own user, for others it sees through itself.
    let mut sleep = Command::new("sleep").arg("60").spawn().unwrap();
    let pids = [zombie.id().to_string(), sleep.id().to_string(), "999999999".to_owned(), String::new()];
    for pid in pids {
        let rest = real.split_once('\n').unwrap().1;
        let content = if pid.is_empty() { String::new() } else { format!("{pid}\n{rest}") };
        std::fs::write(&file, content).unwrap();
        let owner = file.parent().unwrap().metadata().unwrap();
        std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        std::fs::write(&socket, format!("{pid}\n{rest}")).unwrap();
        let start = Instant::now();
        let cluster = scratch.start().await;
        assert!(start.elapsed() < Duration::from_secs(3), "{pid}: {:?}", start.elapsed());
        cluster.stop().await.unwrap();
    }
    sleep.kill().unwrap();
    sleep.wait().unwrap();
    zombie.wait().unwrap();
}

#[tokio::test]
async fn a_server_that_nobody_stopped_is_adopted() {
    let scratch = Scratch::new("adopted");
    let cluster = scratch.start().await;
    run(&cluster, "create table kept as select 1 as n").await;
    let data = cluster.log_file().with_file_name("data");
    let socket = cluster.connect_options().get_socket().unwrap().clone();
    cluster.stop().await.unwrap();

    // As it is where no signal follows the owner's death: a server without an owner.
    let bin = Command::new("pg_config").arg("--bindir").output().unwrap();
    let program = PathBuf::from(String::from_utf8(bin.stdout).unwrap().trim()).join("pg_ctl");
    let mut start = if is_root() { Command::new("setpriv") } else { Command::new("env") };
    if is_root() {
        start.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    start.arg(program).args(["start", "-w", "-l", "/dev/null", "-D"]).arg(&data);
    start.arg("-o").arg(format!("-h '' -k {}", socket.display()));
    assert!(start.current_dir("/").stdout(Stdio::null()).status().unwrap().success());

    let cluster = scratch.start().await;
    assert!(cluster.is_owner());
    assert_eq!(count(&cluster).await, 1);
    cluster.stop().await.unwrap();
    scratch.assert_no_process_left().await;
}

#[tokio::test]
async fn a_long_path_gets_a_short_socket() {
    let scratch = Scratch::new("long");
    let settings = Settings { data_dir: scratch.0.join("d".repeat(120)), ..scratch.settings() };
    let cluster = Cluster::start(&settings).await.unwrap();
    let guest = Cluster::start(&settings).await.unwrap();
    run(&guest, "create table kept as select 1 as n").await;
    let socket = cluster.connect_options().get_socket().unwrap().clone();
    assert!(socket.starts_with(std::env::temp_dir()) && !socket.starts_with(&scratch.0));
    cluster.stop().await.unwrap();
    assert!(!socket.exists());
}

#[tokio::test]
async fn a_data_directory_that_postgres_cannot_reach_is_replaced_and_found_again() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new("closed");
    let closed = scratch.0.join("closed");
    std::fs::create_dir(&closed).unwrap();
    let open = |mode: &str| {
        assert!(Command::new("chmod").arg(mode).arg(&closed).status().unwrap().success());
    };
    open("700");
    let settings = Settings { data_dir: closed.join("data"), ..scratch.settings() };
    let cluster = Cluster::start(&settings).await.unwrap();
    let elsewhere = cluster.log_file().parent().unwrap().parent().unwrap().to_owned();
    assert!(elsewhere.starts_with(std::env::temp_dir()) && !elsewhere.starts_with(&scratch.0));
    run(&cluster, "create table kept as select 1 as n").await;
    cluster.stop().await.unwrap();

    // It stays where it is, even when the wanted place would do by now.
    open("755");
    let cluster = Cluster::start(&settings).await.unwrap();
    assert_eq!(count(&cluster).await, 1);
    cluster.stop().await.unwrap();

    // Anybody could have put one there, in the temp directory; only root's is trusted.
    std::os::unix::fs::chown(&elsewhere, Some(65534), None).unwrap();
    let cluster = Cluster::start(&settings).await.unwrap();
    assert!(cluster.log_file().starts_with(&closed));
    cluster.stop().await.unwrap();
    std::fs::remove_dir_all(elsewhere).unwrap();
}

#[tokio::test]
async fn a_cluster_that_became_unreachable_is_an_error_and_no_empty_one() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new("unreachable");
    scratch.start().await.stop().await.unwrap();
    assert!(Command::new("chmod").arg("700").arg(&scratch.0).status().unwrap().success());
    let error = Cluster::start(&scratch.settings()).await.unwrap_err();
    assert!(matches!(error, ClusterError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn root_keeps_the_data_directory_and_takes_over_restored_data() {
    use std::os::unix::fs::MetadataExt;
    if !is_root() {
        return;
    }
    let scratch = Scratch::new("owners");
    let cluster = scratch.start().await;
    let data = cluster.log_file().with_file_name("data");
    cluster.stop().await.unwrap();
    assert_eq!(scratch.0.join("data").metadata().unwrap().uid(), 0);
    assert_ne!(data.metadata().unwrap().uid(), 0);

    assert!(Command::new("chown").args(["-R", "root"]).arg(&data).status().unwrap().success());
    scratch.start().await.stop().await.unwrap();

    let other = Settings { run_as: Some("nobody".to_owned()), ..scratch.settings() };
    Cluster::start(&other).await.unwrap().stop().await.unwrap();
    // Without the setting, whoever owns the data keeps it.
    scratch.start().await.stop().await.unwrap();
    assert_eq!(data.metadata().unwrap().uid(), 65534);

    let unknown = Settings { run_as: Some("no-such-user".to_owned()), ..scratch.settings() };
    assert!(matches!(Cluster::start(&unknown).await.unwrap_err(), ClusterError::NoUser(_)));
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let scratch = Scratch::new("wrong");
    let empty = Settings { bin_dir: Some(scratch.0.clone()), ..scratch.settings() };
    let error = Cluster::start(&empty).await.unwrap_err();
    assert!(matches!(error, ClusterError::UnusableBinaries { .. }), "{error}");

    let unhashed = Settings { download_url: Some("http://127.0.0.1:1/".to_owned()), ..scratch.settings() };
    assert!(matches!(Cluster::start(&unhashed).await.unwrap_err(), ClusterError::NoHash));

    let mut misspelt = scratch.settings();
    misspelt.server_options.push(("no_such_parameter".to_owned(), "1".to_owned()));
    let error = Cluster::start(&misspelt).await.unwrap_err();
    assert!(error.to_string().contains("no_such_parameter"), "{error}");

    std::fs::write(scratch.0.join("data/postgres/data/PG_VERSION"), "9\n").unwrap();
    let error = Cluster::start(&scratch.settings()).await.unwrap_err();
    assert!(matches!(error, ClusterError::OtherMajor { needed: 9, .. }), "{error}");
    scratch.assert_no_process_left().await;
}
