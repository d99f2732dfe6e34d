//! What the documents say of the code: the table of variables, the snippets, the profile lines, the links, the tests.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::path::{Path, PathBuf};

use noodle_deploy_core::settings::variables_markdown;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("no {begin:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?}")).0
}

/// Every Markdown file that people read, by its path from the root.
fn pages() -> Vec<String> {
    let mut pages = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned(), "CHANGELOG.md".to_owned()];
    let mut folders = vec!["docs".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(name),
                false if name.ends_with(".md") => pages.push(name),
                false => {}
            }
        }
    }
    pages
}

/// `NOODLE_CODEGEN_WRITE=1` writes the table.
#[test]
fn the_table_of_variables_is_the_one_of_the_code() {
    const NAME: &str = "docs/guide/settings.md";
    const BEGIN: &str = "NOODLE_CODEGEN_WRITE=1 -->\n";
    const END: &str = "<!-- end -->";
    let page = read(NAME);
    let committed = between(&page, BEGIN, END);
    let fresh = variables_markdown();
    if committed != fresh && std::env::var_os("NOODLE_CODEGEN_WRITE").is_some() {
        let page = page.replacen(&format!("{BEGIN}{committed}{END}"), &format!("{BEGIN}{fresh}{END}"), 1);
        std::fs::write(root().join(NAME), page).unwrap();
        return;
    }
    assert_eq!(committed, fresh, "{NAME}: write it with NOODLE_CODEGEN_WRITE=1");
}

#[test]
fn the_snippet_of_the_readme_is_the_example() {
    let example = read("noodle-deploy-core/examples/embed.rs");
    assert_eq!(
        between(&read("README.md"), "```rust\n", "```"),
        between(&example, "// README begins\n", "// README ends")
    );
}

#[test]
fn the_profile_lines_are_those_of_the_outside_crate() {
    const BEGIN: &str = "[profile.dev.package.\"*\"]\n";
    let lines = between(&read("examples/outside/Cargo.toml"), BEGIN, "\n\n").to_owned();
    for name in ["README.md", "docs/guide/getting-started.md"] {
        assert_eq!(between(&read(name), BEGIN, "\n```"), lines, "{name}");
    }
    let warning = read("noodle-deploy-core/build.rs");
    for line in lines.lines() {
        assert!(warning.contains(line), "the warning of build.rs lacks {line:?}");
    }
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Lines outside code blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let folder = root().join(&page).parent().unwrap().to_owned();
        let text: String = prose(&read(&page)).map(|(_, line)| format!("{line}\n")).collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { root().join(&page) } else { folder.join(file) };
            let found = target.exists()
                && (heading.is_empty()
                    || std::fs::read_to_string(&target)
                        .unwrap()
                        .lines()
                        .any(|l| l.starts_with('#') && anchor(l.trim_start_matches('#').trim()) == heading));
            if !found {
                broken.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// A promise without its test is no promise: each name in the README is a file, perhaps a module in it, and a function.
#[test]
fn each_promise_has_the_test_that_it_names() {
    let readme = read("README.md");
    let table = between(&readme, "## Seven promises\n", "\n## ");
    let names: Vec<&str> = table.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        let (file, function) = name.rsplit_once("::").unwrap();
        let program = format!("noodle-deploy-core/tests/{}.rs", file.split("::").next().unwrap());
        if !root().join(&program).exists() && std::env::var_os("NOODLE_FORBID_SKIPS").is_none() {
            println!("skipped {name}: there is no {program}");
            continue;
        }
        let text = read(&format!("noodle-deploy-core/tests/{}.rs", file.replace("::", "/")));
        assert!(text.contains(&format!("#[test]\nfn {function}()")), "{name} is not there");
    }
}

/// Code blocks, tables and generated pages may be wider.
#[test]
fn lines_of_text_are_not_too_long() {
    for page in pages().iter().filter(|page| !page.starts_with("docs/reference/")) {
        for (n, line) in prose(&read(page)) {
            let free = line.starts_with('|') || line.contains("](");
            assert!(free || line.chars().count() <= 120, "{page}:{n} is too long");
        }
    }
}
