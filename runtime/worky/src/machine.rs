//! What the machine, or the share of it that the process may use, has.

use std::fs;
use std::path::Path;

/// Where the system does not tell.
const UNKNOWN_BYTES: usize = 4 << 30;

/// The memory that the process may use: the machine's, or less where a control group says so.
pub(crate) fn memory_bytes() -> usize {
    let of_machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| total(&text));
    let own_groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let of_groups = group_dirs(&own_groups).filter_map(|dir| {
        let limit = |name: &str| fs::read_to_string(Path::new(&dir).join(name)).ok().and_then(|text| bytes(&text));
        limit("memory.max").or_else(|| limit("memory.limit_in_bytes"))
    });
    of_groups.chain(of_machine).min().unwrap_or(UNKNOWN_BYTES)
}

/// `MemTotal` of `/proc/meminfo`, which is in KiB.
fn total(meminfo: &str) -> Option<usize> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.split_whitespace().next()?.parse::<usize>().ok()?.checked_mul(1_024)
}

/// A limit in bytes; version 2 writes `max` where there is none.
fn bytes(text: &str) -> Option<usize> {
    text.trim().parse().ok()
}

/// The directories of the groups that the process is in, and of those above them, from the lines of `/proc/self/cgroup`.
/// Inside of a container the path may be that outside of it; the root directory is then the container's own.
fn group_dirs(groups: &str) -> impl Iterator<Item = String> {
    let dirs = |line: &str| {
        let mut parts = line.splitn(3, ':');
        let (_id, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
        let root = match controllers {
            "" => "/sys/fs/cgroup",
            _ if controllers.split(',').any(|name| name == "memory") => "/sys/fs/cgroup/memory",
            _ => return None,
        };
        Some(Path::new(path).ancestors().map(|path| format!("{root}{}", path.display())).collect::<Vec<_>>())
    };
    groups.lines().filter_map(dirs).flatten().collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_some_memory() {
        assert!(memory_bytes() > 64 << 20);
    }

    #[test]
    fn the_files_of_the_kernel_are_read() {
        assert_eq!(total("MemTotal:       24683532 kB\nMemFree: 1 kB\n"), Some(24_683_532 << 10));
        assert_eq!(total("nothing"), None);
        assert_eq!((bytes("max\n"), bytes("1048576\n")), (None, Some(1 << 20)));
    }

    #[test]
    fn every_group_above_counts() {
        let dirs: Vec<_> = group_dirs("0::/system.slice/worky.service\n").collect();
        let expected = ["/sys/fs/cgroup/system.slice/worky.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/"];
        assert_eq!(dirs, expected);
        let dirs: Vec<_> = group_dirs("4:cpu:/a\n3:memory:/b\n1:name=systemd:/c\n").collect();
        assert_eq!(dirs, ["/sys/fs/cgroup/memory/b", "/sys/fs/cgroup/memory/"]);
    }
}
