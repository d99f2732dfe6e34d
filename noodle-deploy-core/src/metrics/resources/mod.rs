//! What the process and the machine use: CPU, memory, GPU, disk and network.
//!
//! Nothing is sampled in the background: a reading is taken when somebody asks, off the path of requests. What a platform
//! does not tell is absent, and never zero.

mod gpu;
mod native;
mod sampler;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use sampler::Resources;

/// What this process and its machine use now. Where a figure is absent, the platform does not tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceReport {
    /// Milliseconds that percentages of CPUs are taken over: since the reading before, at least 200; absent at the first
    /// reading of a handle, which has no percentages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_ms: Option<u64>,
    /// This process, with all that its host does in it.
    pub process: ProcessReading,
    /// The machine, or what a container shows of it.
    pub machine: MachineReading,
    /// What the system leaves to the process of the machine.
    pub limits: LimitReading,
    /// GPUs.
    pub gpus: GpuReadings,
    /// Memory of loaded models.
    pub models: ModelMemory,
}

/// What this process uses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessReading {
    /// Its number.
    pub pid: u32,
    /// Milliseconds that its threads ran on CPUs since it began, in the system's calls too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_time_ms: Option<u64>,
    /// Share of a CPU that it used in the interval, in percent: 200 is two CPUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<f64>,
    /// Bytes in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident_bytes: Option<u64>,
    /// Most bytes that it ever had in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_resident_bytes: Option<u64>,
    /// Bytes of its address space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_bytes: Option<u64>,
    /// Threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Open files and sockets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_files: Option<u32>,
    /// Bytes that it caused to be read from disks since it began; what the page cache had is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_read_bytes: Option<u64>,
    /// Bytes that it caused to be written to disks since it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_written_bytes: Option<u64>,
}

/// What the machine has and uses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachineReading {
    /// Logical CPUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
    /// Share of all CPUs that was used in the interval, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<f64>,
    /// Threads that ran or waited for a CPU, on average over one minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_1m: Option<f64>,
    /// Over five minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_5m: Option<f64>,
    /// Over fifteen minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_15m: Option<f64>,
    /// Bytes of memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_total_bytes: Option<u64>,
    /// Bytes of memory that can be had without swapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_available_bytes: Option<u64>,
    /// Bytes of swap space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap_total_bytes: Option<u64>,
    /// Bytes of it in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap_used_bytes: Option<u64>,
    /// Bytes of the file system on which the handle's directory lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_total_bytes: Option<u64>,
    /// Bytes of it that may still be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_available_bytes: Option<u64>,
    /// Bytes that all interfaces but loopback received since they came up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_received_bytes: Option<u64>,
    /// Bytes that they sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_sent_bytes: Option<u64>,
}

/// What a control group (cgroup) or an affinity leaves to the process, where that is less than the machine has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LimitReading {
    /// CPUs that it may use at once, rounded down, but one at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpus: Option<u32>,
    /// Bytes of memory that the processes of its group may use together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Bytes that are left until then. What the group has in the page cache counts as used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_left_bytes: Option<u64>,
}

/// GPUs that NVIDIA's management library (NVML) sees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GpuReadings {
    /// One for each, in the library's order.
    pub devices: Vec<GpuReading>,
    /// Why nothing could be read; absent where the library answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
}

/// One GPU.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GpuReading {
    /// Its number.
    pub index: u32,
    /// As in `NVIDIA H100 PCIe`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Stays the same over restarts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Share of the last sampling period of the driver in which something ran, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utilization_percent: Option<u32>,
    /// Bytes of its memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_total_bytes: Option<u64>,
    /// Bytes of it in use, by all processes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_used_bytes: Option<u64>,
    /// Degrees Celsius.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_celsius: Option<u32>,
    /// Watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_watts: Option<f64>,
}

/// What loaded models hold in this process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelMemory {
    /// Bytes that they are charged for together; what several share counts once.
    pub used_bytes: u64,
    /// Bytes that they may hold; absent: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<u64>,
    /// Loaded revisions, by deployment and number.
    pub revisions: Vec<RevisionMemory>,
}

/// What one loaded revision holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RevisionMemory {
    /// The deployment.
    pub deployment: String,
    /// Number of the revision.
    pub revision: u32,
    /// Version of the model.
    pub version: String,
    /// Bytes of its weights and plans, those that it shares with others too; 0 while an `on_demand` one is not loaded.
    pub bytes: u64,
}
