//! Takes readings.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sysinfo::{Networks, Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System};

use super::native::{self, Usage};
use super::{LimitReading, MachineReading, ModelMemory, ProcessReading, ResourceReport, gpu};
use crate::backends::machine::hardware_threads;
use crate::clock::instant;
use crate::error::{Error, ErrorKind, Result};

/// Percentages over less say little: the system counts in ticks.
const SHORTEST: Duration = Duration::from_millis(200);

/// Takes readings of one handle, one at a time.
#[derive(Default)]
pub(crate) struct Resources(Mutex<Option<Sampler>>);

struct Sampler {
    system: System,
    networks: Option<Networks>,
    pid: Pid,
    /// Where the interval of the next percentages begins.
    since: Instant,
    cpu_ns: Option<u64>,
    percentages: Percentages,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Percentages {
    interval_ms: Option<u64>,
    process: Option<f64>,
    machine: Option<f64>,
}

/// Percent of one CPU.
fn percent(before_ns: Option<u64>, now_ns: Option<u64>, elapsed: Duration) -> Option<f64> {
    let used = now_ns?.saturating_sub(before_ns?);
    Some(used as f64 / elapsed.as_nanos() as f64 * 100.0)
}

/// A total that is not there is said to be zero.
fn known(total: u64) -> Option<u64> {
    (total > 0).then_some(total)
}

impl Resources {
    /// # Errors
    /// `unsupported` on a system whose readings are not known.
    pub(crate) fn read(&self, directory: &Path, models: ModelMemory) -> Result<ResourceReport> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sampler = match &mut *slot {
            Some(sampler) => sampler,
            None => slot.insert(Sampler::new()?),
        };
        sampler.read(directory, models)
    }
}

impl Sampler {
    fn new() -> Result<Self> {
        let unknown = |error: sysinfo::Error| {
            Error::new(ErrorKind::Unsupported, "the readings of this system are not known").source(error)
        };
        Ok(Sampler {
            system: System::new().map_err(unknown)?,
            networks: None,
            pid: sysinfo::get_current_pid().map_err(unknown)?,
            since: instant(),
            cpu_ns: None,
            percentages: Percentages::default(),
        })
    }

    fn read(&mut self, directory: &Path, models: ModelMemory) -> Result<ResourceReport> {
        self.system.refresh_memory();
        let what = ProcessRefreshKind::nothing().with_memory().with_disk_usage().with_tasks();
        // Elsewhere the C library tells the time.
        let what = if cfg!(unix) { what } else { what.with_cpu() };
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(&[self.pid]), false, what);
        match &mut self.networks {
            Some(networks) => networks.refresh(true),
            None => self.networks = Networks::new_with_refreshed_list().ok(),
        }
        let usage = native::usage();
        let process = self.system.process(self.pid);
        let cpu_ns = usage.map(|usage| usage.cpu_ns).or_else(|| Some(process?.accumulated_cpu_time() * 1_000_000));
        let process = process_reading(self.pid, process, usage, cpu_ns);
        self.measure(cpu_ns);
        Ok(ResourceReport {
            interval_ms: self.percentages.interval_ms,
            process: ProcessReading { cpu_percent: self.percentages.process, ..process },
            machine: MachineReading { cpu_percent: self.percentages.machine, ..self.machine(directory) },
            limits: self.limits(),
            gpus: gpu::read(),
            models,
        })
    }

    /// Takes percentages anew where the interval is long enough; else those before stand.
    fn measure(&mut self, cpu_ns: Option<u64>) {
        let (first, elapsed) = (self.cpu_ns.is_none(), self.since.elapsed());
        if !first && elapsed < SHORTEST {
            return;
        }
        self.system.refresh_cpu_usage();
        if !first {
            self.percentages = Percentages {
                interval_ms: Some(elapsed.as_millis() as u64),
                process: percent(self.cpu_ns, cpu_ns, elapsed),
                machine: Some(f64::from(self.system.global_cpu_usage())),
            };
        }
        (self.since, self.cpu_ns) = (instant(), cpu_ns);
    }

    fn machine(&self, directory: &Path) -> MachineReading {
        let system = &self.system;
        let load = System::load_average().ok();
        let total = known(system.total_memory());
        let space = native::space(directory);
        let outside = || {
            let is_loopback = |name: &std::ffi::OsStr, data: &sysinfo::NetworkData| {
                name == "lo" || data.ip_networks().iter().any(|network| network.addr.is_loopback())
            };
            self.networks.as_ref().map(|all| all.iter().filter(move |(name, data)| !is_loopback(name, data)))
        };
        MachineReading {
            cores: known(system.cpus().len() as u64).map(|cores| cores as u32),
            cpu_percent: None,
            load_1m: load.as_ref().map(|load| load.one),
            load_5m: load.as_ref().map(|load| load.five),
            load_15m: load.as_ref().map(|load| load.fifteen),
            memory_total_bytes: total,
            memory_available_bytes: total.map(|_| system.available_memory()),
            swap_total_bytes: total.map(|_| system.total_swap()),
            swap_used_bytes: total.map(|_| system.used_swap()),
            disk_total_bytes: space.map(|space| space.total),
            disk_available_bytes: space.map(|space| space.available),
            network_received_bytes: outside().map(|all| all.map(|(_, data)| data.total_received()).sum()),
            network_sent_bytes: outside().map(|all| all.map(|(_, data)| data.total_transmitted()).sum()),
        }
    }

    fn limits(&self) -> LimitReading {
        let usable = hardware_threads() as u32;
        let cores = self.system.cpus().len() as u32;
        let group = self.system.process(self.pid).and_then(Process::cgroup_limits);
        let total = self.system.total_memory();
        let binding = group.filter(|group| group.total_memory > 0 && group.total_memory < total);
        LimitReading {
            cpus: (usable < cores).then_some(usable),
            memory_bytes: binding.as_ref().map(|group| group.total_memory),
            memory_left_bytes: binding.as_ref().map(|group| group.free_memory),
        }
    }
}

fn process_reading(pid: Pid, process: Option<&Process>, usage: Option<Usage>, cpu_ns: Option<u64>) -> ProcessReading {
    let disk = process.filter(|_| native::tells_disk_usage()).map(Process::disk_usage);
    let resident = process.and_then(|process| known(process.memory()));
    let peak = usage.and_then(|usage| known(usage.peak_bytes));
    ProcessReading {
        pid: pid.as_u32(),
        cpu_time_ms: cpu_ns.map(|ns| ns / 1_000_000),
        cpu_percent: None,
        resident_bytes: resident,
        // Systems count the two apart, and each of their CPUs for a while by itself: the peak may lag behind.
        peak_resident_bytes: peak.map(|peak| peak.max(resident.unwrap_or(0))),
        virtual_bytes: process.and_then(|process| known(process.virtual_memory())),
        // The first one is not among the tasks.
        threads: process.and_then(Process::tasks).map(|tasks| tasks.len() as u32 + 1),
        open_files: process.and_then(Process::open_files).map(|files| files as u32),
        disk_read_bytes: disk.map(|disk| disk.total_read_bytes),
        disk_written_bytes: disk.map(|disk| disk.total_written_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_of_one_cpu() {
        let second = Duration::from_secs(1);
        assert_eq!(percent(Some(0), Some(2_000_000_000), second), Some(200.0));
        assert_eq!(percent(Some(5), Some(5), second), Some(0.0));
        assert_eq!((percent(None, Some(1), second), percent(Some(1), None, second)), (None, None));
    }
}
