//! Tests of the Python surface.

use std::process::Command;

use super::need;
use crate::report::Skip;
use crate::{models, run, tree};

pub(crate) fn test() -> Result<(), Skip> {
    need("python3")?;
    let module = if cfg!(windows) { "noodle_deploy.pyd" } else { "noodle_deploy.abi3.so" };
    let dir = run::scratch("python")?;
    run::copy(&tree::built(&tree::shared_library("noodle_deploy_py"))?, &dir.join(module))?;
    let mut command = Command::new(models::python()?);
    command.args(["-m", "unittest", "discover", "--start-directory", "tests", "--verbose"]);
    command.current_dir(run::root().join("noodle-deploy-py")).env("PYTHONPATH", &dir);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(run::run(&mut command)?)
}
