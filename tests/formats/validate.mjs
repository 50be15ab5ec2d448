// Validates a report that fanlight printed: `node validate.mjs FORMAT FILE`. SARIF against the published schema,
// XML for being XML, JSON for being JSON. One line on standard error for each thing that is wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import Ajv from "ajv";

const require = createRequire(import.meta.url);
const [format, file] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const wrong = [];

const validators = {
  sarif() {
    const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    const ajv = new Ajv({ schemaId: "auto", allErrors: true, unknownFormats: "ignore", meta: false });
    ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-07.json"));
    ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json"));
    ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
    const log = JSON.parse(text);
    if (!ajv.validate(schema, log)) for (const e of ajv.errors) wrong.push(`${e.dataPath}: ${e.message}`);
    if (log.runs[0].results.length === 0) wrong.push("no result: nothing was tried");
  },
  junit() {
    const valid = XMLValidator.validate(text);
    if (valid !== true) return wrong.push(`line ${valid.err.line}: ${valid.err.msg}`);
    const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(text);
    const cases = parsed.testsuites.testsuite.testcase;
    if (!Array.isArray(cases) || cases.length !== Number(parsed.testsuites.tests)) wrong.push("tests: a wrong count");
  },
  json() {
    const report = JSON.parse(text);
    for (const key of ["schema", "tool", "verdict", "scanned", "findings"])
      if (!(key in report)) wrong.push(`no "${key}"`);
    if (report.findings.length === 0) wrong.push("no finding: nothing was tried");
  },
  jsonl() {
    for (const line of text.trimEnd().split("\n")) JSON.parse(line);
  },
  gitlab() {
    const report = JSON.parse(text);
    if (report.vulnerabilities.length === 0) wrong.push("no vulnerability: nothing was tried");
    for (const one of report.vulnerabilities) {
      for (const key of ["id", "identifiers", "location"]) if (!(key in one)) wrong.push(`no "${key}"`);
      if (!["Info", "Unknown", "Low", "Medium", "High", "Critical"].includes(one.severity)) wrong.push(one.severity);
    }
  },
  "gitlab-codequality"() {
    for (const one of JSON.parse(text))
      for (const key of ["description", "check_name", "fingerprint", "severity", "location"])
        if (!(key in one)) wrong.push(`no "${key}"`);
  },
};

if (validators[format]) validators[format]();
for (const line of wrong) console.error(`${format}: ${line}`);
process.exit(wrong.length ? 1 : 0);
