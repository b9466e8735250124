use std::time::Duration;
use std::{fs, io};

/// The processor time that the threads of this process have used.
///
/// # Errors
///
/// When the system does not say; Linux does.
pub fn cpu_time() -> io::Result<Duration> {
    let mut total = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let nanos = text.split(' ').next().and_then(|number| number.parse::<u64>().ok());
        total += nanos.ok_or_else(|| io::Error::other("no number in `schedstat`"))?;
    }
    Ok(Duration::from_nanos(total))
}

/// How many descriptors this process has open.
///
/// # Errors
///
/// When the system does not say; Linux does.
pub fn descriptors() -> io::Result<usize> {
    // The folder itself is open while it is read.
    Ok(fs::read_dir("/proc/self/fd")?.count().saturating_sub(1))
}

/// How much memory of this process is in use, in KiB.
///
/// # Errors
///
/// When the system does not say; Linux does.
pub fn resident() -> io::Result<usize> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    number.ok_or_else(|| io::Error::other("no `VmRSS` in `status`"))
}
