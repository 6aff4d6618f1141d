import { explain as explainValue, type Origin } from '../../config/explain';
import { loadProject } from '../../config/load';
import { instant } from '../../core/time';
import { columns } from '../../report/columns';
import type { Call } from '../commands';
import { EXIT, type ExitCode } from '../exit';
import { readRoot } from '../session';
import { Stop } from '../stop';

/** `explain`: where values of a stack come from. */
export const explain = (call: Call): Promise<ExitCode> =>
  load(call).then((loaded) => {
    const { sources } = loaded;
    if (!loaded.ok) throw new Stop(EXIT.usage, '', { problems: loaded.problems, texts: sources.texts });
    const { stack, value } = call.options;
    if (typeof stack !== 'string')
      throw new Stop(EXIT.usage, '--stack is missing', {
        remedy: `one of: ${[...sources.stacks.keys()].join(', ')}`,
      });
    const answer = explainValue(sources, { stack, ...(typeof value === 'string' ? { value } : {}) });
    if (!answer.ok)
      throw new Stop(
        EXIT.notFound,
        answer.message,
        answer.remedy === undefined ? {} : { remedy: answer.remedy },
      );
    const { out } = call;
    const rows = answer.values.flatMap((one) => [
      [one.path, JSON.stringify(one.value), place(one)],
      ...one.overrode.map((origin) => [
        '',
        out.paint.quiet(JSON.stringify(origin.value)),
        out.paint.quiet(`overrode ${place(origin)}`),
      ]),
    ]);
    out.text(columns(rows, new Set(), out.paint.width).join('\n'));
    out.next(`npm run preview -- --stack ${answer.stack}`);
    out.result({ command: 'explain', stack: answer.stack, values: answer.values, exitCode: EXIT.done });
    return EXIT.done;
  });

const load = async (call: Call) => loadProject(await readRoot(call), instant(Date.now()));

const place = ({ file, line, column }: Origin): string => `${file}:${line}:${column}`;
