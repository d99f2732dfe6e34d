"use strict";

// Compares what was found with what a conformance case expects, patterns included.

const HASH = /^[0-9a-f]{64}$/;

/** Where and how the two differ; undefined where they agree. Numbers may differ by `tolerance`. */
function difference(expected, found, tolerance, at) {
  const differ = () => `${at}: expected ${show(expected)}, found ${show(found)}`;
  if (expected === "$any") return found === undefined ? differ() : undefined;
  if (expected === "$digest") return HASH.test(String(found).replace(/^blake3:/, "")) ? undefined : differ();
  if (expected === "$hash") return HASH.test(String(found)) ? undefined : differ();
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return differ();
    return first(expected, (item, i) => difference(item, found[i], tolerance, `${at}/${i}`));
  }
  if (isObject(expected) && "$contains" in expected) {
    return typeof found === "string" && found.includes(expected.$contains) ? undefined : differ();
  }
  if (isObject(expected)) return isObject(found) ? objects(expected, found, tolerance, at) : differ();
  if (typeof expected === "number" && typeof found === "number") {
    return expected === found || Math.abs(expected - found) <= tolerance ? undefined : differ();
  }
  return expected === found ? undefined : differ();
}

function objects(expected, found, tolerance, at) {
  const names = Object.keys(expected).filter((name) => name !== "$subset");
  const missing = first(names, (name) => difference(expected[name], found[name], tolerance, `${at}/${name}`));
  if (missing !== undefined || expected.$subset === true) return missing;
  const surplus = Object.keys(found).find((name) => !(name in expected) && found[name] !== undefined);
  return surplus && `${at}/${surplus}: expected nothing, found ${show(found[surplus])}`;
}

function first(items, check) {
  for (const [i, item] of items.entries()) {
    const result = check(item, i);
    if (result !== undefined) return result;
  }
  return undefined;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value) {
  const bigs = (_, inner) => (typeof inner === "bigint" ? `${inner}` : inner);
  return JSON.stringify(value, bigs) ?? "nothing";
}

/** Replaces names in every string, the first pair first. */
function replace(value, pairs) {
  if (typeof value === "string") return pairs.reduce((text, [from, to]) => text.replaceAll(from, to), value);
  if (Array.isArray(value)) return value.map((item) => replace(item, pairs));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner, pairs)]));
}

module.exports = { difference, replace };
