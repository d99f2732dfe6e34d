//! A C program that compares the header's layout with the library's tables. For tests only.

use super::c::{tag, variant_tag};
use super::{Field, Shape, Surface};

/// `tests/layout.c`.
pub(crate) fn program(surface: &Surface) -> String {
    let mut out = String::from(TOP);
    for named in surface.types.values() {
        match &named.shape {
            Shape::Struct(fields) => rows(&mut out, &tag(&named.name), fields),
            Shape::Union(variants) => {
                for variant in variants {
                    rows(&mut out, &variant_tag(&named.name, &variant.tag), &variant.fields);
                }
            }
            Shape::Enum(_) | Shape::Text => {}
        }
    }
    out.push_str(BOTTOM);
    out
}

fn rows(out: &mut String, name: &str, fields: &[Field]) {
    line!(out, "    {{\"{name}\", NULL, sizeof({name})}},");
    for field in fields {
        line!(out, "    {{\"{name}\", \"{0}\", offsetof({name}, {0})}},", field.name);
    }
}

const TOP: &str = "\
/* That the header and the library agree on sizes and offsets. Written by `cargo xtask codegen`; do not edit. */
#include <stdio.h>

#include \"testing.h\"

static const struct {
    const char *name, *field;
    size_t value;
} rows[] = {
";

const BOTTOM: &str = "\
};

int main(void) {
    const size_t count = sizeof rows / sizeof rows[0];
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t found = noodle_testing_layout(rows[i].name, rows[i].field);
        if (found == rows[i].value) continue;
        fprintf(stderr, \"%s.%s: %zu in the header, %zu in the library\\n\", rows[i].name,
                rows[i].field ? rows[i].field : \"size\", rows[i].value, found);
        wrong++;
    }
    printf(\"layout: %zu rows, %d wrong\\n\", count, wrong);
    return wrong ? 1 : 0;
}
";
