// How script/atlas puts columns into app/atlas.json, and what it calls a difference.
import { expect, test } from '@playwright/test';
import { type Column, differences, recorded, textOf, verdictOf, withColumns } from '../atlas/file';
import { ONCE } from '../support/engine/fixtures';

const firefox: Column = {
  browser: 'Firefox', version: '153.0', engine: 'Gecko', system: 'Linux', scheme: 'http', measured: '2026-01-31',
  made_by: 'script/atlas', lab: '0.1.0',
  experiments: { hijack: { outcome: 'holds', answer: 1, words: 'Each remedy worked.', figures: [] } },
  matrix: { reload: { local_storage: { outcome: 'kept', before: 'scripts: the marker', after: 'scripts: the marker' } } },
};

test('a column that is measured anew takes the place of the older one of its engine and scheme', ONCE, () => {
  const [overTls, visitors]: Column[] = [{ ...firefox, scheme: 'https' }, { ...firefox, made_by: 'visitor' }];
  const newer: Column = { ...firefox, version: '154.0' };
  const atlas = withColumns({ schema: 1, columns: [overTls!, visitors!, firefox] }, [newer]);
  expect(atlas.columns).toHaveLength(3);
  expect(recorded(atlas, 'Gecko', 'http')).toEqual(newer);
  expect(recorded(atlas, 'Gecko', 'https')).toEqual(overTls);
  expect(atlas.columns).toContainEqual(visitors);
});

test('the text is the same whatever the order in which things were measured', ONCE, () => {
  const turned = Object.fromEntries(Object.entries(firefox).toReversed()) as Column;
  expect(textOf({ schema: 1, columns: [turned] })).toBe(textOf({ columns: [firefox], schema: 1 }));
});

test('whether there is a catch to a verdict that rests on times makes no difference', ONCE, () => {
  expect(verdictOf('what-cookies-cost', { outcome: 'holds_with_a_catch', answer: 1 })).toBe(verdictOf('what-cookies-cost', { outcome: 'holds', answer: 1 }));
  expect(verdictOf('what-cookies-cost', { outcome: 'does_not_hold', answer: 1 })).not.toBe(verdictOf('what-cookies-cost', { outcome: 'holds', answer: 1 }));
});

test('outcomes and answers make a difference, figures and words do not', ONCE, () => {
  const hijack = firefox.experiments['hijack']!;
  const reworded: Column = { ...firefox, measured: '2026-02-01', experiments: { hijack: { ...hijack, words: 'In 7 ms.' } } };
  expect(differences(firefox, reworded)).toEqual([]);
  const other: Column = { ...firefox, experiments: { hijack: { ...hijack, outcome: 'cannot_be_tried', answer: null } }, matrix: {} };
  expect(differences(firefox, other)).toEqual([
    'Firefox 153.0, http, hijack: holds, answer 1 in the file, cannot_be_tried, answer null now',
    'Firefox 153.0, http, reload, local_storage: kept in the file, nothing now',
  ]);
  expect(differences(undefined, firefox)).toEqual(['Firefox 153.0, http: not in the file']);
});
