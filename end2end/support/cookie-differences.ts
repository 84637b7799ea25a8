// Where engines differ from the specification, as measured: what the page forecasts by the specification is then not what they do.
import type { Engine } from './engine/engine';
import type { Line } from './cookie-lines';

type Difference = { engine: Engine; what: string; where: (line: Line) => boolean };

export const DIFFERENCES: readonly Difference[] = [];

/** Whether an engine is known to treat such a line otherwise. */
export const differs = (engine: Engine, line: Line): boolean =>
  DIFFERENCES.some((difference) => difference.engine === engine && difference.where(line));
