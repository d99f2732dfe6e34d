//! GPUs through NVML, a library that comes with NVIDIA's driver and is found at run time.

use super::GpuReadings;

#[cfg(not(feature = "nvml"))]
pub(super) fn read() -> GpuReadings {
    GpuReadings {
        devices: Vec::new(),
        unavailable: Some("this build has no NVML: it lacks the feature nvml".to_owned()),
    }
}

#[cfg(feature = "nvml")]
pub(super) fn read() -> GpuReadings {
    use std::sync::OnceLock;

    use nvml_wrapper::Nvml;

    // Looked for until it is found: a driver may be loaded later.
    static NVML: OnceLock<Nvml> = OnceLock::new();
    let unavailable = |error: nvml_wrapper::error::NvmlError| GpuReadings {
        devices: Vec::new(),
        unavailable: Some(format!("NVML does not answer: {error}")),
    };
    let nvml = match NVML.get() {
        Some(nvml) => nvml,
        None => match Nvml::init() {
            Ok(nvml) => NVML.get_or_init(|| nvml),
            Err(error) => return unavailable(error),
        },
    };
    match nvml.device_count() {
        Ok(count) => GpuReadings { devices: (0..count).map(|index| device(nvml, index)).collect(), unavailable: None },
        Err(error) => unavailable(error),
    }
}

/// What one tells; each figure may be missing.
#[cfg(feature = "nvml")]
fn device(nvml: &nvml_wrapper::Nvml, index: u32) -> super::GpuReading {
    use nvml_wrapper::enum_wrappers::device::TemperatureSensor;

    use super::GpuReading;

    let Ok(device) = nvml.device_by_index(index) else { return GpuReading { index, ..GpuReading::default() } };
    let memory = device.memory_info().ok();
    GpuReading {
        index,
        name: device.name().ok(),
        uuid: device.uuid().ok(),
        utilization_percent: device.utilization_rates().ok().map(|rates| rates.gpu),
        memory_total_bytes: memory.as_ref().map(|memory| memory.total),
        memory_used_bytes: memory.as_ref().map(|memory| memory.used),
        temperature_celsius: device.temperature(TemperatureSensor::Gpu).ok(),
        power_watts: device.power_usage().ok().map(|milliwatts| f64::from(milliwatts) / 1_000.0),
    }
}
