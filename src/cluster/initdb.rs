//! Making the data directory.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::account::Account;
use super::binaries::Binaries;
use super::home::{Home, set_mode};
use super::{ClusterError, SUPERUSER, blocking};

/// Sorting is by bytes everywhere; with ctype C, `lower('Ü')` would stay `Ü`. The second is for systems without the first.
const CTYPES: [&str; 2] = ["C.UTF-8", "en_US.UTF-8"];

/// Makes the data directory where there is none; one that root restored from a backup gets its owner back.
pub(super) async fn ensure(binaries: &Binaries, account: &Account, home: &Home) -> Result<(), ClusterError> {
    let (binaries, account, home) = (binaries.clone(), account.clone(), home.clone());
    blocking(move || {
        let data = home.data();
        if data.join("PG_VERSION").exists() {
            return take_over(&data, &account).map_err(ClusterError::file("change the owner of", &data));
        }
        tracing::info!("making a PostgreSQL cluster in {}", home.cluster.display());
        initialise(&binaries, &account, &home)
    })
    .await?
}

fn take_over(data: &Path, account: &Account) -> io::Result<()> {
    if account.switch && data.metadata()?.uid() != account.uid {
        // The directory itself comes last, so that an interrupted change is noticed and repeated.
        account.give_tree(data)?;
        set_mode(data, 0o700)?;
    }
    Ok(())
}

fn initialise(binaries: &Binaries, account: &Account, home: &Home) -> Result<(), ClusterError> {
    // Whatever has its final name is complete, however the machine went down meanwhile.
    let new = home.cluster.join("data.new");
    let mut complaint = String::new();
    for ctype in CTYPES {
        remove_tree(&new).map_err(ClusterError::file("remove", &new))?;
        let ctype = format!("--lc-ctype={ctype}");
        let user = format!("--username={SUPERUSER}");
        // Only the account and root can enter the socket's directory: that is the authentication.
        let options =
            ["--encoding=UTF8", "--lc-collate=C", &ctype, &user, "--auth=trust", "--data-checksums"];
        let place = [OsStr::new("--no-instructions"), OsStr::new("-D"), new.as_os_str()];
        let arguments = options.into_iter().map(OsStr::new).chain(place);
        let output = account.run(&binaries.program("initdb"), &home.cluster, arguments)?;
        if output.status.success() {
            let data = home.data();
            std::fs::rename(&new, &data).map_err(ClusterError::file("create", &data))?;
            return File::open(&home.cluster)
                .and_then(|cluster| cluster.sync_all())
                .map_err(ClusterError::file("write", &home.cluster));
        }
        String::from_utf8_lossy(&output.stderr).trim().clone_into(&mut complaint);
        if !complaint.contains("locale") {
            break;
        }
    }
    Err(ClusterError::Initdb(complaint))
}

/// Removes the rest of an initdb that was killed; its last child may still be writing for a moment.
fn remove_tree(directory: &Path) -> io::Result<()> {
    let mut attempts = 0;
    loop {
        match std::fs::remove_dir_all(directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(_) if attempts < 20 => {
                attempts += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            result => return result,
        }
    }
}
