//! Random work against a model that is too simple to be wrong.

use std::collections::BTreeMap;

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::store::{Append, Base, Hash, Head, Projection, verify};
use proptest::prelude::*;

use super::support::{Case, event, fence, memory, row};

#[derive(Debug, Clone)]
enum Step {
    /// Streams with the offset of the expected version from the real one, events by place in that list, and a row.
    Append {
        streams: Vec<(u8, i8)>,
        events: Vec<u8>,
        row: Option<(u8, Option<u16>)>,
        fence: Option<u64>,
        /// Where to cut, from the last cut on.
        cut: Option<u8>,
    },
    Lease {
        holder: u8,
        now: u16,
    },
    Release {
        holder: u8,
    },
}

#[derive(Default)]
struct Model {
    log: Vec<(String, u64, String)>,
    /// How many of the log were cut away, and the rows that stand for them.
    cut: (usize, Vec<Projection>),
    versions: BTreeMap<String, u64>,
    rows: BTreeMap<String, (String, String)>,
    lease: Option<(String, u64, u64)>,
    token: u64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let append = (
        prop::collection::vec((0..4_u8, prop_oneof![8 => Just(0_i8), 1 => Just(1), 1 => Just(-1)]), 1..4),
        prop::collection::vec(0..4_u8, 0..4),
        prop::option::of((0..4_u8, prop::option::of(any::<u16>()))),
        prop_oneof![4 => Just(None), 1 => (0..4_u64).prop_map(Some)],
        prop_oneof![4 => Just(None), 1 => (0..6_u8).prop_map(Some)],
    );
    let step = prop_oneof![
        6 => append.prop_map(|(streams, events, row, fence, cut)| Step::Append { streams, events, row, fence, cut }),
        1 => (0..3_u8, any::<u16>()).prop_map(|(holder, now)| Step::Lease { holder, now }),
        1 => (0..3_u8).prop_map(|holder| Step::Release { holder }),
    ];
    prop::collection::vec(step, 1..40)
}

impl Model {
    fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    fn build(
        &self,
        streams: &[(u8, i8)],
        events: &[u8],
        change: &Option<(u8, Option<u16>)>,
        token: Option<u64>,
    ) -> Append {
        let names: Vec<String> = streams.iter().map(|(n, _)| format!("model/{n}")).collect();
        let expect = names
            .iter()
            .zip(streams)
            .map(|(name, (_, off))| (name.clone(), self.version(name).saturating_add_signed(i64::from(*off))));
        let events: Vec<_> =
            events.iter().map(|n| event(&names[usize::from(*n) % names.len()], format!("{n}"))).collect();
        let rows = change.iter().filter_map(|(key, value)| {
            let value = value.map(|value| value.to_string());
            Some(row(&format!("k{key}"), &events.first()?.stream, value.as_deref()))
        });
        let projections = rows.collect();
        Append {
            expect: expect.collect(),
            events,
            projections,
            at: 7,
            fence: token.and_then(|token| fence("decide", token)),
            cut: None,
        }
    }

    fn append(&mut self, append: &Append) -> Result<(), ErrorKind> {
        if append.fence.as_ref().is_some_and(|fence| fence.token != self.token || self.token == 0) {
            return Err(ErrorKind::Fenced);
        }
        if append.expect.iter().any(|(stream, version)| self.version(stream) != *version) {
            return Err(ErrorKind::Conflict);
        }
        let cut = append.cut.as_ref().map(|base| (base.head.sequence as usize, base.rows.clone()));
        match &cut {
            Some((sequence, _)) if *sequence <= self.cut.0 => return Err(ErrorKind::Conflict),
            Some((sequence, _)) if *sequence > self.log.len() => return Err(ErrorKind::InvalidArgument),
            _ => {}
        }
        let foreign = |row: &Projection| self.rows.get(&row.key).is_some_and(|(stream, _)| *stream != row.stream);
        if append.projections.iter().any(foreign) {
            return Err(ErrorKind::InvalidArgument);
        }
        self.cut = cut.unwrap_or(std::mem::take(&mut self.cut));
        for event in &append.events {
            let version = self.versions.entry(event.stream.clone()).or_default();
            *version += 1;
            self.log.push((event.stream.clone(), *version, event.payload.clone()));
        }
        for row in &append.projections {
            match &row.value {
                Some(value) => self.rows.insert(row.key.clone(), (row.stream.clone(), value.clone())),
                None => self.rows.remove(&row.key),
            };
        }
        Ok(())
    }

    fn take(&mut self, holder: &str, now: u64) -> (String, u64) {
        match &mut self.lease {
            Some((name, _, until)) if name == holder => *until = now + 1_000,
            Some((_, _, until)) if *until > now => {}
            _ => {
                self.token += 1;
                self.lease = Some((holder.to_owned(), self.token, now + 1_000));
            }
        }
        self.lease.clone().map(|(holder, token, _)| (holder, token)).unwrap()
    }

    fn check(&self, case: &Case) {
        let events = case.store.read(0, usize::MAX).unwrap();
        let log: Vec<_> = events.into_iter().map(|e| (e.event.stream, e.version, e.event.payload)).collect();
        assert_eq!(log, self.log[self.cut.0..]);
        let base = case.store.base().unwrap();
        assert_eq!((base.head, base.head.sequence as usize), (case.store.cut().unwrap(), self.cut.0));
        assert_eq!(base.rows, self.cut.1);
        for stream in self.versions.keys() {
            let kept =
                self.log[self.cut.0..].iter().filter(|(name, ..)| name == stream).map(|(_, version, _)| *version);
            let page = case.store.read_stream(stream, 0, usize::MAX).unwrap();
            assert!(page.iter().map(|e| e.version).eq(kept), "{stream}");
        }
        let snapshot = case.store.load().unwrap();
        assert_eq!(snapshot.sequence, self.log.len() as u64);
        assert_eq!(snapshot.streams, self.versions.clone().into_iter().collect::<Vec<_>>());
        let rows: Vec<_> = snapshot.projections.into_iter().map(|r| (r.key, (r.stream, r.value.unwrap()))).collect();
        assert_eq!(rows, self.rows.clone().into_iter().collect::<Vec<_>>());
        assert_eq!(case.store.data_version().unwrap(), snapshot.sequence);
        assert_eq!(verify(&*case.store, None).unwrap().events, (self.log.len() - self.cut.0) as u64);
    }
}

/// What the log is to begin from after an event, of which there may be none.
fn base(case: &Case, sequence: u64) -> Base {
    let stored = sequence.checked_sub(1).and_then(|before| case.store.read(before, 1).unwrap().pop());
    let hash = stored.filter(|event| event.sequence == sequence).map_or(Hash::ZERO, |event| event.hash);
    let streams = case.store.load().unwrap().streams;
    let rows = streams.iter().map(|(name, version)| row(name, name, Some(&version.to_string())));
    Base { head: Head { sequence, hash }, rows: rows.collect() }
}

fn run(case: &Case, steps: &[Step]) {
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Append { streams, events, row, fence, cut } => {
                let mut append = model.build(streams, events, row, *fence);
                append.cut = cut.map(|n| base(case, model.cut.0 as u64 + u64::from(n)));
                let expected = model.append(&append);
                assert_eq!(case.store.append(&append).map(drop).map_err(|error| error.kind()), expected);
            }
            Step::Lease { holder, now } => {
                let holder = format!("i{holder}");
                let found = case.store.lease("decide", &holder, u64::from(*now), 1_000).unwrap();
                assert_eq!((found.holder, found.token), model.take(&holder, u64::from(*now)));
            }
            Step::Release { holder } => {
                let holder = format!("i{holder}");
                case.store.release("decide", &holder).unwrap();
                model.lease = model.lease.filter(|(name, _, _)| *name != holder);
            }
        }
    }
    model.check(case);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn memory_does_what_the_model_does(steps in steps()) {
        run(&memory(), &steps);
    }
}

#[cfg(feature = "store-sqlite")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn sqlite_does_what_the_model_does(steps in steps()) {
        run(&super::support::sqlite(), &steps);
    }
}
