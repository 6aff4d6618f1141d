import type { Finding } from '../finding';
import type { World } from '../world';

/** A rule across files. It sees what could be read and stays silent about what could not; its name is in `--json`. */
export type Rule = (world: World) => Iterable<Finding>;
