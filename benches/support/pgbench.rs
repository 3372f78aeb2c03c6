//! PostgreSQL's own load generator.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Looks in PATH and where Debian keeps it.
pub fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders.into_iter().map(|folder| folder.join("pgbench")).find(|program| program.is_file())
}

/// A run against a private cluster's database `tessera`.
pub struct Run<'a> {
    pub socket: &'a Path,
    /// The connections' settings.
    pub options: &'a str,
    pub clients: usize,
    pub length: Duration,
}

impl Run<'_> {
    /// Transactions per second of a script.
    pub fn of(&self, program: &Path, script: &str) -> Result<f64, Box<dyn Error>> {
        let file = std::env::temp_dir().join(format!("tessera-bench-{}.sql", std::process::id()));
        std::fs::write(&file, script)?;
        let output = Command::new(program)
            .args(["-n", "-M", "prepared", "-j", "2", "-U", "tessera", "-p", "5432"])
            .args(["-c", &self.clients.to_string(), "-T", &self.length.as_secs().to_string(), "-h"])
            .arg(self.socket)
            .arg("-f")
            .arg(&file)
            .arg("tessera")
            .env("PGOPTIONS", self.options)
            .output()?;
        std::fs::remove_file(&file)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
        let figure = line.and_then(|line| line.split(' ').next());
        let errors = String::from_utf8_lossy(&output.stderr);
        Ok(figure.ok_or_else(|| format!("pgbench failed: {errors}"))?.parse()?)
    }
}
