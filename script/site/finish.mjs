// Makes the site of what `chunks` has written: smaller WASM and scripts, the style sheet, what is served as it stands, and each
// file's forms for brotli and gzip. Called by script/build as `node script/site/finish.mjs FOLDER`.
import { minify } from '@swc/core';
import { execFile } from 'node:child_process';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { bundle } from 'lightningcss';

const root = join(import.meta.dirname, '../..');
const site = process.argv[2];
const pkg = join(site, 'pkg');
const run = promisify(execFile);

// cargo-leptos' settings, so that both ways to build make the same site.
const { stdout } = await run('cargo', ['metadata', '--no-deps', '--format-version', '1'], { cwd: root, maxBuffer: 1 << 26 });
const settings = JSON.parse(stdout).metadata.leptos[0];
const browsers = {};
for (const [, browser, major, minor] of settings.browserquery.matchAll(/(\w+) >= (\d+)(?:\.(\d+))?/g)) {
  browsers[browser] = (major << 16) | ((minor ?? 0) << 8);
}

// As many at once as there are cores.
async function each(items, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  }));
}

async function optimize(program) {
  await run(join(import.meta.dirname, 'node_modules/.bin/wasm-opt'), [...settings['wasm-opt-features'], program, '-o', program]);
}

async function shorten(script) {
  const { code } = await minify(await readFile(script, 'utf8'), { compress: true, mangle: true, module: true });
  await writeFile(script, code);
}

async function style() {
  const { code } = bundle({ filename: join(root, settings['style-file']), minify: true, targets: browsers });
  await writeFile(join(pkg, 'storage-lab.css'), code);
}

async function compress(file) {
  const content = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
}

const programs = (await readdir(pkg)).filter((name) => name.endsWith('.wasm')).map((name) => join(pkg, name));
await each(programs, optimize);
for (const script of (await readdir(pkg)).filter((name) => name.endsWith('.js'))) await shorten(join(pkg, script));
await style();
await cp(join(root, settings['assets-dir']), site, { recursive: true });
const files = (await readdir(site, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
await each(files.map((entry) => join(entry.parentPath, entry.name)), compress);
