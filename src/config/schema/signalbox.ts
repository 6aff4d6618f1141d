import { z } from 'zod';
import { duration } from '../../core/time';
import { durationWritten, matching, name, propertyPath, share, someTime, text, waveSize } from './scalars';
import { closed } from './words';

const engineKind = z.enum(['embedded', 'pulumi']);

const account = matching(
  /^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$/,
  'an account',
  'write its id in quotes: "123456789012"',
);

const most = z.int().min(1).max(256);

const limits = closed({
  perBackend: most.optional().describe('Stack operations at once on the state backend'),
  perAccount: most.optional().describe('Stack operations at once in each account'),
  accounts: z.record(account, most).default({}).describe('In single accounts, instead of perAccount'),
});

const engine = z.union([
  engineKind,
  closed({
    kind: engineKind,
    cloud: z
      .enum(['sandbox', 'real'])
      .optional()
      .describe('Default: the sandbox for the embedded engine, a real cloud for the Pulumi CLI'),
    command: text().optional().describe('Path of the Pulumi CLI; default: the one on PATH'),
    backend: text()
      .optional()
      .describe(
        'State backend URL; default: on a real cloud the one in Pulumi.yaml, else files under .signalbox/state',
      ),
    parallel: most
      .optional()
      .describe('Stack operations that run at once; default: the cores on the sandbox, 8 on a real cloud'),
    limits: limits
      .optional()
      .describe('Tighter limits inside of parallel, shared by all commands at work on this folder'),
    timeout: someTime
      .default(duration(3_600_000))
      .describe('The longest one stack operation may take; default 1h'),
  }),
]);

const fault = closed({
  match: closed({
    stack: text().optional(),
    type: text().optional(),
    name: text().optional(),
    image: text().optional(),
    share: share.optional().describe('25%: so many of the resources that match, drawn by the seed'),
  }).describe('Every field given must match; * is a wildcard'),
  latency: durationWritten.optional().describe('Real time added to each provider call'),
  throttle: closed({
    perSecond: z.number().min(0.01).max(10_000).describe('Calls a real second, of all that match together'),
    burst: z.int().min(1).max(10_000).default(1).describe('Calls at once after a pause'),
  })
    .optional()
    .describe(
      'Calls above this rate are refused, and the provider tries again until it has had enough; which ones depends on when they arrive, as on a real cloud',
    ),
  fail: closed({
    call: z.enum(['create', 'update', 'delete']),
    message: text(),
    nth: z.int().min(1).max(1_000_000).optional(),
  }).optional(),
  responseLost: closed({
    call: z.enum(['create', 'update', 'delete']),
    nth: z.int().min(1).max(1_000_000).optional(),
  })
    .optional()
    .describe('The effect happens, but its answer is lost'),
  drift: closed({
    property: propertyPath.describe('A property with its path: tags.Team, spec.replicas'),
    value: z.json().describe('What somebody set it to by hand; null: it was taken away'),
  })
    .optional()
    .describe('Once for each resource, after it was made: found when it is next read, as by a refresh'),
  unhealthy: z.boolean().optional().describe('The workload never becomes ready'),
  readyAfter: durationWritten.optional().describe('Sandbox time until a changed workload answers'),
});

const channel = closed({
  name,
  waves: z
    .array(waveSize)
    .min(1)
    .max(100)
    .default([{ percent: 100 }])
    .describe('Cumulative shares of the stacks: [1, 25%, 100%]; the last one is all of them'),
  soak: durationWritten.describe('The least healthy time after each wave'),
  failureBudget: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe('Stacks that may fail before the rollout stops'),
  onFailure: z.enum(['take-back', 'halt']).default('take-back'),
});

const variable = matching(
  /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
  'the name of a variable',
  'name a variable; its value comes from where Signalbox runs',
);

const role = matching(
  /^(arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,576}|[\w+=,.@-]{1,64})$/,
  'a role',
  'write its ARN, or its name beside the account',
);

// Profile, region and role become lines of an AWS configuration file: no line break, bracket or comment may be in them.
const profile = matching(
  /^[\w+=,.@:/-]{1,128}$/,
  'the name of a profile',
  'use letters, digits and _ + = , . @ : / -',
);

const region = matching(/^[A-Za-z0-9-]{1,64}$/, 'a region', 'write it as eu-west-1');

const environment = closed({
  account: account
    .optional()
    .describe('What limits count by; default: the account of the role, else the profile'),
  profile: profile.optional(),
  region: region.optional(),
  role: role.optional().describe('Assumed with the credentials of the profile, or with a web identity'),
  variables: z.array(variable).default([]).describe('Variables handed on from where Signalbox runs'),
});

export const signalboxWritten = closed({
  project: name,
  engine: engine.default('embedded'),
  sandbox: closed({
    timeScale: z.number().positive().max(1_000_000).default(1).describe('Sandbox seconds in one real second'),
    seed: text(80).optional().describe('Default: the name of the project'),
    faults: z.array(fault).default([]),
  }).optional(),
  channels: z.array(channel).min(1).describe('Ordered by risk, the least first'),
  environments: z.record(name, environment).default({}),
});

export type SignalboxWritten = z.output<typeof signalboxWritten>;
