//! Tests of the Node surface.

use std::process::Command;

use super::need;
use crate::report::Skip;
use crate::{run, tree};

pub(crate) fn test() -> Result<(), Skip> {
    need("node")?;
    let package = run::root().join("noodle-deploy-node");
    run::copy(&tree::built(&tree::shared_library("noodle_deploy_node"))?, &package.join("noodle_deploy.node"))?;
    Ok(run::run(Command::new("node").args(["--test", "test/"]).current_dir(package))?)
}
