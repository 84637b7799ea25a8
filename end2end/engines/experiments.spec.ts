// Every experiment comes to a true verdict or says why it cannot be tried, leaves nothing, and does what the atlas says.
import { CALLED, readAtlas, recorded, verdictOf } from '../atlas/file';
import { type Engine, NAMES, type Scheme } from '../support/engine/engine';
import { AFTER_A_RESTART, type Conclusion, Experiment, runAcrossARestart } from '../support/engine/experiment';
import { expect, ONCE, test } from '../support/engine/fixtures';
import { leavesNothing } from '../support/engine/leftovers';
import { soon } from '../support/engine/tab';
import { SLUGS } from '../support/experiment';

/** Some experiments are about being refused, of which browsers write a line. */
const REFUSED = [
  /\b4(01|03|04|22|31)\b/,
  /Content[- ]Security[- ]Policy/i,
  /blocked due to its Cross-Origin-Resource-Policy/,
  /^Error: Cookie “\S+-broken\d” (has been )?rejected/,
];

const ATLAS = readAtlas();
const AT_ONCE = SLUGS.filter((slug) => slug !== AFTER_A_RESTART);

/** Asserts that it came out as it is recorded. */
function isAsRecorded(slug: string, { outcome, answer, words }: Conclusion, ran: { engine: Engine; version: string; scheme: Scheme }): void {
  const { engine, version, scheme } = ran;
  const known = recorded(ATLAS, CALLED[engine].engine, scheme)?.experiments[slug];
  const told =
    `app/atlas.json is of another run than this one in ${NAMES[engine]} ${version} over ${scheme}: ` +
    `if it is right (“${words}”), record the new version with script/atlas`;
  expect(verdictOf(slug, { outcome, answer }), told).toEqual(known && verdictOf(slug, known));
}

for (const slug of AT_ONCE) {
  test(`${slug} concludes as the atlas says, and leaves nothing`, async ({ baseURL, driven, engine, scheme, session, tab, tolerate }) => {
    REFUSED.forEach(tolerate);
    const experiment = await new Experiment(tab).open(slug);
    await experiment.start();
    const conclusion = await experiment.concludes();
    test.info().annotations.push({ type: conclusion.outcome, description: conclusion.words });
    // Where a claim cannot be tried, the reason and a remedy are said.
    expect(conclusion.words).toMatch(/\w+.*\./);
    expect(await tab.broken.texts()).toEqual([]);
    expect(await session.openPages(), 'pages that are open').toBe(1);
    await leavesNothing(session, tab, baseURL!);
    isAsRecorded(slug, conclusion, { engine, version: driven.version, scheme });
  });
}

test('close-the-browser concludes after a restart as the atlas says', async ({ baseURL, driven, engine, scheme }, testInfo) => {
  test.skip(!driven.onProfile, 'An automated window of WebKitGTK keeps nothing that a restart could bring back.');
  const start = () => driven.onProfile!(testInfo.outputPath('profile'));
  const { after, tab, left, conclusion } = await runAcrossARestart(start, baseURL!);
  expect(left.map(({ name }) => name.replace(/^lab-x\w+-/, '')), 'cookies that outlived it').toEqual(['timed']);
  await leavesNothing(after, tab, baseURL!);
  await after.close();
  isAsRecorded(AFTER_A_RESTART, conclusion, { engine, version: driven.version, scheme });
});

test('close-the-browser lays its marks, says what to do, and takes them away when it is reset', ONCE, async ({ baseURL, session, tab }) => {
  const experiment = await new Experiment(tab).open(AFTER_A_RESTART);
  await experiment.start();
  const marks = async () => {
    const names = (await session.cookies(baseURL!)).map(({ name }) => name);
    return names.flatMap((name) => /^lab-x\w+-(cookie|timed)$/.exec(name)?.[1] ?? []).toSorted();
  };
  await experiment.hasLaidItsMarks();
  expect(await marks()).toEqual(['cookie', 'timed']);
  await experiment.button('Reset').click();
  await soon(marks).toEqual([]);
  await leavesNothing(session, tab, baseURL!);
});
