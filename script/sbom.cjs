// Reads what `cargo tree --prefix depth --format '{p}|{l}'` says of the server and then of the browser's part; writes a bill of
// materials. Called by script/sbom. Without serial number and time, so that the same build gives the same file.
'use strict';
const { readFileSync } = require('node:fs');
const { Enums, Models, Serialize, Spec } = require('@cyclonedx/cyclonedx-library');

// Cargo.lock has the checksums.
const checksums = new Map();
for (const entry of readFileSync('Cargo.lock', 'utf8').split('[[package]]')) {
  const field = (name) => entry.match(new RegExp(`^${name} = "(.*)"$`, 'm'))?.[1];
  checksums.set(`${field('name')}@${field('version')}`, field('checksum'));
}

const bill = new Models.Bom();
const components = new Map();
const component = (name, version, licence) => {
  const ref = `${name}@${version}`;
  if (components.has(ref)) return components.get(ref);
  // The server is what the whole is about.
  const isRoot = components.size === 0;
  const type = isRoot ? Enums.ComponentType.Application : Enums.ComponentType.Library;
  const made = new Models.Component(type, isRoot ? 'storage-lab' : name, { version, bomRef: ref });
  // Cargo took a slash for "or" once; SPDX does not.
  if (licence) made.licenses.add(new Models.LicenseExpression(licence.replace(/ ?\/ ?/g, ' OR ')));
  const checksum = checksums.get(ref);
  if (checksum) {
    made.hashes.set(Enums.HashAlgorithm['SHA-256'], checksum);
    made.purl = `pkg:cargo/${name}@${version}`;
  }
  if (isRoot) bill.metadata.component = made;
  else bill.components.add(made);
  components.set(ref, made);
  return made;
};

// Whoever stands above, by depth.
const above = [];
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const found = line.match(/^(\d+)(\S+) v(\S+?)(?: \(.*\))?\|(.*?)(?: \(\*\))?$/);
  if (!found) throw new Error(`cargo tree says: ${line}`);
  const [, depth, name, version, licence] = found;
  const here = component(name, version, licence);
  const parent = Number(depth) ? above[Number(depth) - 1] : bill.metadata.component;
  if (parent !== here) parent.dependencies.add(here.bomRef);
  above[Number(depth)] = here;
}

const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
process.stdout.write(`${new Serialize.JsonSerializer(factory).serialize(bill, { sortLists: true, space: 2 })}\n`);
