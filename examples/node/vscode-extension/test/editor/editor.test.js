"use strict";

// The extension in a real editor, as somebody uses it. `cargo xtask test editor` runs this; NOODLE_EDITOR_SCREENSHOTS
// names a directory for pictures of the page.

const assert = require("node:assert");
const path = require("node:path");
const test = require("node:test");

const { open } = require("noodle-deploy");

const { missing, start } = require("./editor.js");

const models = path.join(__dirname, "..", "..", "..", "..", "models");
const pictures = process.env.NOODLE_EDITOR_SCREENSHOTS;

test("a model is deployed, asked, promoted and rolled back", { skip: missing(), timeout: 180_000 }, async (t) => {
  const sample = (name) => path.join(models, "samples", name);
  const { page, storage } = await start(t, {
    "hello.py": sample("hello.py"),
    "hello.rs": sample("hello.rs"),
    // The status bar asks the deployment of this name.
    "langid.onnx": path.join(models, "langid-v1.onnx"),
  });
  const shoot = (name) => pictures && page.screenshot({ path: path.join(pictures, `${name}.png`) });
  const file = (name) => page.getByRole("treeitem", { name, exact: true });
  const status = (language, version) => {
    const says = page.locator(`.statusbar-item[aria-label*="says langid ${version}"]`);
    return says.filter({ hasText: new RegExp(`${language} \\d+ %`) });
  };
  const view = page.locator(".pane", { hasText: "Model Deployments" });
  const row = (text) => view.getByRole("treeitem").filter({ hasText: text });
  try {
    await file("hello.py").dblclick();
    await status("python", "1.0.0").waitFor();
    await file("hello.rs").dblclick();
    await status("rust", "1.0.0").waitFor();
    await page.getByRole("button", { name: "Model Deployments Section" }).click();
    await row(/langid\s*1\.0\.0 serves, healthy/).waitFor();

    await file("langid.onnx").click({ button: "right" });
    // A menu takes no click in its first tenth of a second.
    await page.getByRole("menuitem", { name: "Deploy Model", exact: true }).click({ delay: 200 });
    await page.getByText("langid 2.0.0 is ready; promote it to give it the traffic").first().waitFor();
    await row(/2\.0\.0 \(ready\)/).waitFor();
    await shoot("deployed");

    // A button of the line in the view.
    await row(/langid\s*1\.0\.0 serves/).hover();
    await view.getByRole("button", { name: "Promote the Newest Revision" }).click();
    await row(/langid\s*2\.0\.0 serves, healthy/).waitFor();
    await status("rust", "2.0.0").waitFor();
    await shoot("promoted");

    // And from the palette of commands.
    await page.keyboard.press("F1");
    await page.keyboard.type("noodle: Roll Back");
    await page.getByRole("option", { name: /noodle: Roll Back/ }).click();
    await page.getByRole("option", { name: "langid" }).click();
    await row(/langid\s*1\.0\.0 serves, healthy/).waitFor();
    await status("rust", "1.0.0").waitFor();
    await shoot("rolled-back");

    // The larger model beside the smaller one, on a share of the documents, until somebody takes it back.
    const palette = async (name) => {
      await page.keyboard.press("F1");
      await page.keyboard.type(`noodle: ${name}`);
      await page.getByRole("option", { name: new RegExp(`noodle: ${name}`) }).click();
    };
    await palette("Deploy Model as a Canary");
    await page.getByText("langid 3.0.0 is tried on a share of the documents").first().waitFor();
    await row(/canary 3\.0\.0: step 1 of 2, 25 % of the documents, analysing/).waitFor();
    await page.locator(".statusbar-item", { hasText: "3.0.0: step 1 of 2" }).waitFor();
    await shoot("canary");
    await palette("Advance the Canary");
    await row(/canary 3\.0\.0: step 2 of 2, 50 % of the documents/).waitFor();
    await palette("Abort the Canary");
    await page.getByText("langid 3.0.0 was taken back: asked for in the editor").first().waitFor();
    await row(/canary 3\.0\.0: taken back/).waitFor();
    await row(/langid\s*1\.0\.0 serves, healthy/).waitFor();
    await shoot("taken-back");
  } catch (error) {
    await shoot("failed");
    throw error;
  }
  // What the editor shows is what its directory says, to another process too.
  const noodle = await open(path.join(storage, "models"));
  const { events } = await noodle.history({ deployment: "langid" });
  const types = events.map(({ event }) => event.type);
  assert.ok(types.includes("promoted") && types.includes("rolled_back"), types.join());
  assert.ok(events.every(({ actor }) => actor === "editor"));
  await noodle.auditVerify({ artifacts: true });
  await noodle.close();
});
