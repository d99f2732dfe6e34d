//! Who answered: told to the host once for each revision, by number after that.

use std::cell::RefCell;

use napi::sys;
use noodle_deploy_core::{Prediction, Served};
use serde_json::{Value, json};

use crate::value::{self, Made};

/// Revisions that are remembered at most; then the numbers begin again, and each is told again.
const MOST: usize = 1024;

/// What makes two revisions of one handle the same.
struct Known {
    deployment: String,
    revision: u32,
    model: String,
    version: String,
}

impl Known {
    fn is(&self, served: &Served) -> bool {
        self.revision == served.revision
            && self.deployment == served.deployment
            && self.version == served.version
            && self.model == served.model
    }
}

#[derive(Default)]
pub(crate) struct ServedTable(RefCell<Vec<Known>>);

impl ServedTable {
    /// The number of a revision that the host knows, or an object with the number and everything about it.
    pub(crate) fn tell(&self, env: sys::napi_env, answer: &Prediction) -> Made {
        let served = answer.served();
        let mut table = self.0.borrow_mut();
        // The revision that answered last is asked again, as a rule.
        if let Some(id) = table.iter().rposition(|known| known.is(served)) {
            return value::number(env, id as f64);
        }
        if table.len() == MOST {
            table.clear();
        }
        let id = table.len();
        table.push(Known {
            deployment: served.deployment.clone(),
            revision: served.revision,
            model: served.model.clone(),
            version: served.version.clone(),
        });
        value::to_js(env, &json!({"id": id, "served": told(served)}))
    }
}

/// Everything about who answers.
pub(crate) fn told(served: &Served) -> Value {
    json!({
        "deployment": served.deployment,
        "revision": served.revision,
        "model": served.model,
        "version": served.version,
        "labels": served.labels,
        "signature": served.signature,
    })
}
