//! What processes count of requests, one row for each revision and process.

use rusqlite::params;

use super::SqliteStore;
use super::write::{integer, run};
use crate::error::Result;
use crate::store::{TrafficRow, TrafficRows};

impl TrafficRows for SqliteStore {
    fn write(&self, put: &[TrafficRow], remove: &[TrafficRow]) -> Result<()> {
        self.beside(|conn| {
            for row in remove {
                let sql = "DELETE FROM traffic WHERE deployment = ?1 AND revision = ?2 AND instance = ?3";
                run(conn, sql, params![row.deployment, row.revision, row.instance])?;
            }
            for row in put {
                let sql = "INSERT OR REPLACE INTO traffic (deployment, revision, instance, at, value)
                           VALUES (?1, ?2, ?3, ?4, ?5)";
                let at = integer("at", row.at)?;
                run(conn, sql, params![row.deployment, row.revision, row.instance, at, row.value])?;
            }
            Ok(())
        })
    }

    fn read(&self, deployment: Option<&str>) -> Result<Vec<TrafficRow>> {
        self.read_with(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT deployment, revision, instance, at, value FROM traffic
                 WHERE ?1 IS NULL OR deployment = ?1 ORDER BY deployment, revision, instance",
            )?;
            let rows = statement.query_map([deployment], |row| {
                Ok(TrafficRow {
                    deployment: row.get(0)?,
                    revision: row.get(1)?,
                    instance: row.get(2)?,
                    at: row.get::<_, i64>(3)?.unsigned_abs(),
                    value: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
