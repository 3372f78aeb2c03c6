//! Unpacking an archive of PostgreSQL's programs into the cache.

use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;

use super::ClusterError;
use super::home::set_mode;

/// Unpacks a `tar.gz` beside `directory` and renames it into place, so that what is there is complete.
///
/// Returns the directory of the programs; `origin` names the archive in the error that it holds none.
pub(super) fn unpack(archive: &[u8], directory: &Path, origin: &str) -> Result<PathBuf, ClusterError> {
    // Only the cluster's owner comes here, so what is there already is the rest of an attempt that was cut off.
    let beside = directory.with_added_extension("new");
    let _ = std::fs::remove_dir_all(&beside);
    std::fs::create_dir_all(&beside).map_err(ClusterError::file("create", &beside))?;
    if let Some(cache) = directory.parent() {
        set_mode(cache, 0o755).map_err(ClusterError::file("set the mode of", cache))?;
    }
    // Entries that point out of the directory are skipped or refused by the tar crate.
    tar::Archive::new(GzDecoder::new(archive))
        .unpack(&beside)
        .and_then(|()| link_libraries(&beside))
        .and_then(|()| open_up(&beside))
        .map_err(ClusterError::file("unpack into", &beside))?;
    if programs_in(&beside).is_none() {
        let _ = std::fs::remove_dir_all(&beside);
        return Err(ClusterError::BadArchive(origin.to_owned()));
    }
    std::fs::rename(&beside, directory).map_err(ClusterError::file("create", directory))?;
    programs_in(directory).ok_or_else(|| ClusterError::BadArchive(origin.to_owned()))
}

/// The directory of the programs, which archives keep at different depths.
pub(super) fn programs_in(directory: &Path) -> Option<PathBuf> {
    let mut level = vec![directory.to_owned()];
    for _ in 0..3 {
        if let Some(found) =
            level.iter().map(|dir| dir.join("bin")).find(|bin| bin.join("postgres").is_file())
        {
            return Some(found);
        }
        let entries = level.iter().filter_map(|dir| dir.read_dir().ok()).flatten().filter_map(Result::ok);
        level =
            entries.map(|entry| entry.path()).filter(|path| path.is_dir() && !path.is_symlink()).collect();
    }
    None
}

/// npm packages hold no symbolic links. This one lists its own in `native/pg-symlinks.json`, as
/// `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`, for a script that is not run here.
fn link_libraries(directory: &Path) -> io::Result<()> {
    let package = directory.join("package");
    let Ok(list) = std::fs::read_to_string(package.join("native/pg-symlinks.json")) else {
        return Ok(());
    };
    // The list is pinned by the archive's hash and its names need no escapes, so its strings are all there is to read.
    let strings: Vec<_> = list.split('"').skip(1).step_by(2).collect();
    for link in strings.chunks_exact(4) {
        let (&["source", source, "target", target] | &["target", target, "source", source]) = link else {
            return Err(io::Error::other("pg-symlinks.json has another shape"));
        };
        let (source, target) = (Path::new(source), Path::new(target));
        let is_inside = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
        let Some(name) =
            source.file_name().filter(|_| source.parent() == target.parent() && is_inside(target))
        else {
            return Err(io::Error::other("pg-symlinks.json names a file elsewhere"));
        };
        symlink(name, package.join(target))?;
    }
    Ok(())
}

/// Lets every user read all of it and run the programs, whatever the archive and root's umask say.
fn open_up(directory: &Path) -> io::Result<()> {
    set_mode(directory, 0o755)?;
    let are_programs = directory.file_name().is_some_and(|name| name == "bin");
    for entry in directory.read_dir()? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            open_up(&entry.path())?;
        } else if kind.is_file() {
            let mode = entry.metadata()?.permissions().mode();
            set_mode(&entry.path(), mode & 0o755 | if are_programs { 0o755 } else { 0o644 })?;
        }
    }
    Ok(())
}
