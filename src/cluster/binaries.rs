//! Which PostgreSQL programs to use: those that are named, those that are installed, else fetched ones.

use std::path::{Path, PathBuf};

use super::account::Account;
use super::home::Home;
use super::{ClusterError, Settings, blocking, fetch, pinned};

const OLDEST_MAJOR: u32 = 14;

/// Where packages put PostgreSQL outside PATH; `*` stands for the rest of a directory's name.
const KNOWN_DIRECTORIES: [&str; 9] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
];

#[derive(Clone, Debug)]
pub(super) struct Binaries {
    directory: PathBuf,
    /// Major and minor.
    version: (u32, u32),
}

impl Binaries {
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Returns `None` where the account cannot run a PostgreSQL 14 or later from there.
    fn at(directory: &Path, account: &Account) -> Option<Self> {
        let has = |name: &str| directory.join(name).is_file();
        if !(has("postgres") && has("initdb") && has("pg_ctl")) {
            return None;
        }
        let output = account.run(&directory.join("postgres"), Path::new("/"), ["--version"]).ok()?;
        let version = version(&String::from_utf8_lossy(&output.stdout))?;
        (version.0 >= OLDEST_MAJOR).then(|| Self { directory: directory.to_owned(), version })
    }
}

/// Finds programs that fit the data, or fetches some.
///
/// What the operator names wins over what is installed: first `bin_dir`, then `download_url`.
pub(super) async fn obtain(
    settings: &Settings,
    home: &Home,
    account: &Account,
) -> Result<Binaries, ClusterError> {
    let needed = major_of(&home.data());
    let fits = |binaries: &Binaries| needed.is_none_or(|major| binaries.version.0 == major);
    let other_major = |needed| ClusterError::OtherMajor { data: home.data(), needed };

    if let Some(directory) = &settings.bin_dir {
        let binaries = examine(directory.clone(), account).await?;
        let binaries = binaries.ok_or_else(|| ClusterError::UnusableBinaries {
            dir: directory.clone(),
            user: account.name.clone(),
        })?;
        return if fits(&binaries) { Ok(binaries) } else { Err(other_major(needed.unwrap_or_default())) };
    }
    if let Some(url) = &settings.download_url {
        let directory = fetch::named(url, settings.download_sha256.as_deref(), &home.cache).await?;
        let binaries = examine(directory, account).await?;
        let binaries = binaries.ok_or_else(|| ClusterError::BadArchive(url.clone()))?;
        if fits(&binaries) {
            return Ok(binaries);
        }
    }
    let found = {
        let (cache, account) = (home.cache.clone(), account.clone());
        blocking(move || installed(&cache, &account)).await?
    };
    if let Some(newest) = found.into_iter().filter(fits).max_by_key(|binaries| binaries.version) {
        return Ok(newest);
    }
    if let Some(needed) = needed.filter(|major| *major != pinned::MAJOR) {
        return Err(other_major(needed));
    }
    let directory = fetch::pinned(&home.cache).await?;
    let origin = directory.display().to_string();
    examine(directory, account).await?.ok_or(ClusterError::BadArchive(origin))
}

async fn examine(directory: PathBuf, account: &Account) -> Result<Option<Binaries>, ClusterError> {
    let account = account.clone();
    blocking(move || Binaries::at(&directory, &account)).await
}

/// Every usable installation on this machine and in our cache.
fn installed(cache: &Path, account: &Account) -> Vec<Binaries> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = std::env::split_paths(&path).filter(|dir| dir.is_absolute()).collect();

    let mut directories = on_path.clone();
    directories.extend(from_pg_config(&on_path, account));
    directories.extend(KNOWN_DIRECTORIES.iter().flat_map(|pattern| expand(Path::new(pattern))));
    directories.extend(fetch::cached(cache));
    // The same programs are often reached over several names, and asking each for its version takes time.
    let mut directories: Vec<_> = directories.iter().filter_map(|dir| dir.canonicalize().ok()).collect();
    directories.sort();
    directories.dedup();
    directories.iter().filter_map(|dir| Binaries::at(dir, account)).collect()
}

fn from_pg_config(on_path: &[PathBuf], account: &Account) -> Option<PathBuf> {
    let program = on_path.iter().map(|dir| dir.join("pg_config")).find(|program| program.is_file())?;
    let output = account.run(&program, Path::new("/"), ["--bindir"]).ok()?;
    let directory = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(directory.trim()))
}

/// The directories that a pattern with at most one `*` stands for.
fn expand(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern {
        let Some((before, after)) = part.to_str().and_then(|part| part.split_once('*')) else {
            for dir in &mut found {
                dir.push(part);
            }
            continue;
        };
        let matches = |name: &str| name.starts_with(before) && name.ends_with(after);
        found = found
            .iter()
            .filter_map(|dir| dir.read_dir().ok())
            .flatten()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_name().to_str().is_some_and(matches))
            .map(|entry| entry.path())
            .collect();
    }
    found
}

/// The major version that wrote a data directory; `None` where there is no data yet.
fn major_of(data: &Path) -> Option<u32> {
    std::fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; a beta's `18beta1` counts as 18.0.
fn version(text: &str) -> Option<(u32, u32)> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let mut numbers = version.split_whitespace().next()?.split('.').map(|number| {
        let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        number[..digits].parse().ok()
    });
    Some((numbers.next()??, numbers.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_postgres_says() {
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some((15, 18)));
        assert_eq!(version("postgres (PostgreSQL) 18beta1\n"), Some((18, 0)));
        assert_eq!(version("postgres: not found"), None);
    }

    #[test]
    fn a_star_stands_for_the_rest_of_a_name() {
        assert!(expand(Path::new("/et*/passwd")).contains(&PathBuf::from("/etc/passwd")));
        assert!(expand(Path::new("/nowhere/*/bin")).is_empty());
    }
}
