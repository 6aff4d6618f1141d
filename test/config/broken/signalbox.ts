import { edit, sound } from '../repository';
import type { Broken } from './case';

const file = 'signalbox.yaml';
const change = (piece: string, replacement: string) => edit(file, piece, replacement);

export const brokenSignalbox: readonly Broken[] = [
  ['an unknown key', change('engine:', 'engin:')],
  ['a key that is like no other', change('engine: embedded', 'calendar: none')],
  ['a project without a name', change('project: shop\n', '')],
  ['a project name that is no safe name', change('project: shop', 'project: My Shop')],
  ['a reserved name', change('project: shop', 'project: constructor')],
  ['an unknown engine', change('engine: embedded', 'engine: embeded')],
  ['an unknown engine in the long form', change('engine: embedded', 'engine: { kind: pulumy }')],
  ['an unknown key of the engine', change('engine: embedded', 'engine: { kind: pulumi, paralel: 4 }')],
  [
    'an embedded engine on a real cloud',
    change('engine: embedded', 'engine: { kind: embedded, cloud: real }'),
  ],
  [
    'an embedded engine with its state elsewhere',
    change('engine: embedded', 'engine: { kind: embedded, backend: "s3://states" }'),
  ],
  [
    'a password in the address of the backend',
    change(
      'engine: embedded',
      'engine: { kind: pulumi, backend: "postgres://ada:hunter2@db.example/states" }',
    ),
  ],
  [
    'a password among the parameters of the backend',
    change(
      'engine: embedded',
      'engine: { kind: pulumi, backend: "postgres://ada@db.example/states?password=hunter2" }',
    ),
  ],
  [
    'another project in Pulumi.yaml',
    { ...sound, 'Pulumi.yaml': 'runtime: nodejs\nname: &name store\ndescription: *name\n' },
  ],
  [
    'another backend in Pulumi.yaml',
    {
      ...change('engine: embedded', 'engine: { kind: pulumi, backend: "s3://states" }'),
      'Pulumi.yaml': 'name: shop\nbackend: { url: "gs://states" }\n',
    },
  ],
  [
    'a password in the backend of Pulumi.yaml',
    {
      ...change('engine: embedded', 'engine: pulumi'),
      'Pulumi.yaml': 'name: shop\nbackend:\n  url: postgres://ada:hunter2@db.example/states\n',
    },
  ],
  ['an engine that is a list', change('engine: embedded', 'engine: [embedded]')],
  ['no parallel operation at all', change('engine: embedded', 'engine: { kind: pulumi, parallel: 0 }')],
  [
    'a limit of an account that no environment works in',
    change('engine: embedded', 'engine: { kind: pulumi, limits: { accounts: { shop-tset: 1 } } }'),
  ],
  [
    'no operation at all in an account',
    change('engine: embedded', 'engine: { kind: pulumi, limits: { perAccount: 0 } }'),
  ],
  ['an unknown limit', change('engine: embedded', 'engine: { kind: pulumi, limits: { perAcount: 1 } }')],
  ['an account as a number', change('profile: shop-test', 'account: 123456789012')],
  ['a role of no account', change('profile: shop-test', 'profile: shop-test, role: deploy')],
  [
    'a role that nobody assumes',
    change('profile: shop-test', 'role: "arn:aws:iam::123456789012:role/deploy"'),
  ],
  ['a role that is none', change('profile: shop-test', 'profile: shop-test, role: "arn:aws:iam::1:user/x"')],
  [
    'a profile that goes on in the next line',
    change('profile: shop-test', 'profile: "shop\\ncredential_process = /bin/sh"'),
  ],
  ['a profile that closes a bracket', change('profile: shop-test', 'profile: "shop] #"')],
  [
    'a region that goes on in the next line',
    change('region: eu-west-1', 'region: "eu\\rcredential_process = /bin/sh"'),
  ],
  [
    'a role that goes on in the next line',
    change('profile: shop-test', 'profile: shop, account: "123456789012", role: "deploy\\n"'),
  ],
  ['keys beside a profile', change('[AWS_TOKEN]', '[AWS_ACCESS_KEY_ID]')],
  ['a time scale that stands still', change('3600', '0')],
  ['a time scale in words', change('3600', 'fast')],
  ['a duration without a unit', change('soak: 30m', 'soak: 30')],
  ['a duration in an unknown unit', change('soak: 30m', 'soak: 30min')],
  ['a channel without a soak', change(', soak: 30m', '')],
  ['a wave of nothing', change('[1, 100%]', '[0, 100%]')],
  ['a share above all', change('[1, 100%]', '[1, 120%]')],
  ['shares that fall', change('[1, 50%, 100%]', '[60%, 50%, 100%]')],
  ['waves that leave stacks out', change('[1, 50%, 100%]', '[1, 50%]')],
  ['no wave at all', change('[1, 100%]', '[]')],
  ['a channel twice', change('name: production', 'name: test')],
  [
    'channels as a map',
    change(
      /channels:[\s\S]*environments/.exec(String(sound[file]))?.[0] ?? '',
      'channels: { test: {} }\nenvironments',
    ),
  ],
  ['an unknown answer to failure', change('soak: 2h', 'soak: 2h, onFailure: takeback')],
  ['a negative failure budget', change('soak: 2h', 'soak: 2h, failureBudget: -1')],
  ['a failure budget in halves', change('soak: 2h', 'soak: 2h, failureBudget: 0.5')],
  ['an environment with an unsafe name', change('aws-test: {', 'AWS test: {')],
  ['a variable with its value', change('[AWS_TOKEN]', '[AWS_TOKEN=secret]')],
  [
    'a fault of an unknown call',
    change('{ timeScale: 3600 }', '{ faults: [{ match: {}, fail: { call: creat, message: no } }] }'),
  ],
  [
    'faults that cannot be played',
    change(
      '{ timeScale: 3600 }',
      `{ faults: [
  { match: { share: 25 } },
  { match: {}, throttle: { perSecond: 0 } },
  { match: {}, drift: { property: 'tags.', value: x } },
  { match: {}, drift: { property: tags } }] }`,
    ),
  ],
  ['a key written twice', change('engine: embedded', 'project: shop')],
  ['keys that only look different', { [file]: '7: x\n"7": y\n' }],
  ['a tab as indentation', change('  - { name: test', '\t- { name: test')],
  ['an unclosed bracket', change('[1, 100%]', '[1, 100%')],
  ['an empty file', { [file]: '' }],
  ['a list for a file', { [file]: '- project\n' }],
  ['a second document', change('environments:', '---\nenvironments:')],
  ['an anchor and its alias', { [file]: 'project: &name shop\nengine: *name\n' }],
  ['a tag', change('project: shop', 'project: !!js/function shop')],
  ['a prototype key', change('engine: embedded', '__proto__: { admin: true }')],
  ['bytes that are no UTF-8', { [file]: Uint8Array.from([0x70, 0x3a, 0x20, 0xff, 0xfe]) }],
  ['a file with NUL', { [file]: 'project: a\0b\n' }],
  ['a file of more than a megabyte', { [file]: `project: shop\n#${'x'.repeat(1_000_000)}` }],
  ['brackets as deep as a bomb', { [file]: `project: ${'['.repeat(100_000)}` }],
  ['maps as deep as a bomb', { [file]: `project: ${'{a: '.repeat(60)}${'}'.repeat(60)}\n` }],
];
