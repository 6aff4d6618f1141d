import type { Expected } from './case';

export const expectedStacks: Expected = {
  'an unknown channel': [
    'stacks/production/shop-eu1.yaml:2:10 "producton" is not a channel (did you mean "production"?)',
  ],
  'no channel': ['stacks/production/shop-eu1.yaml:1:1 "channel" is missing'],
  'an unknown track': ['stacks/production/shop-eu1.yaml:3:8 "betta" is not a track (did you mean "beta"?)'],
  'an unknown track of a component': [
    'stacks/production/shop-eu1.yaml:7:12 "lts" is not a track (tracks: alpha, beta)',
  ],
  'no track at all': [
    'stacks/production/shop-eu1.yaml:5:3 component "web" follows no track (add track: to the stack or to the component)',
  ],
  'a component that the track does not pin': [
    'stacks/test/test-eu1.yaml:6:3 "netwerk" is not a component of track beta (did you mean "network"?)',
    'stacks/test/test-eu1.yaml:9:28 "network" is not a component of this stack (did you mean "netwerk"?)',
  ],
  'a renamed component that the track does not pin': [
    'stacks/test/test-eu1.yaml:9:16 "webb" is not a component of track beta (did you mean "web"?)',
  ],
  'an unknown key of a component': [
    'stacks/test/test-eu1.yaml:9:5 "input" is not a key here (did you mean "inputs"?)',
  ],
  'an unknown environment': [
    'stacks/test/test-eu1.yaml:4:14 "aws-tset" is not an environment (did you mean "aws-test"?)',
  ],
  'a dependency that is no stack': [
    'stacks/production/shop-eu1.yaml:4:13 "test-eu2" is not a stack (did you mean "test-eu1"?)',
  ],
  'a dependency on itself': ['stacks/production/shop-eu1.yaml:4:13 this stack depends on itself'],
  'a dependency on a later channel': [
    'stacks/production/shop-eu1.yaml:4:13 dependency cycle: shop-eu1 → test-eu1 → shop-eu1',
    'stacks/test/test-eu1.yaml:5:13 this stack depends on "shop-eu1", whose channel production comes later (a stack can wait only for stacks of its own or an earlier channel)',
  ],
  'stacks that wait in a circle': [
    'stacks/production/shop-eu1.yaml:4:13 dependency cycle: shop-eu1 → test-eu1 → shop-eu1',
  ],
  'an output read from a later channel': [
    'stacks/production/shop-eu1.yaml:4:13 dependency cycle: shop-eu1 → test-eu1 → shop-eu1',
    'stacks/test/test-eu1.yaml:9:64 this stack reads an output of "shop-eu1", whose channel production comes later (a stack can wait only for stacks of its own or an earlier channel)',
    'stacks/test/test-eu1.yaml:9:82 "x" is not an output of stack shop-eu1 (there are no outputs)',
  ],
  'an output that the other stack lacks': [
    'stacks/production/shop-eu1.yaml:7:51 "ulr" is not an output of stack test-eu1 (did you mean "url"?)',
  ],
  'fromStack without an output': [
    'stacks/production/shop-eu1.yaml:7:22 fromStack stands beside exactly one output ({ fromStack: STACK, output: NAME })',
  ],
  'fromStack of no stack': [
    'stacks/production/shop-eu1.yaml:7:33 "tset-eu1" is not a stack (did you mean "test-eu1"?)',
  ],
  'from that names no component': [
    'stacks/test/test-eu1.yaml:9:28 "netwrk" is not a component of this stack (did you mean "network"?)',
  ],
  'from without an output': [
    'stacks/test/test-eu1.yaml:9:28 from names no component and output (write { from: component.output })',
  ],
  'from that names no output': [
    'stacks/test/test-eu1.yaml:10:25 "ulr" is not an output of web (did you mean "url"?)',
  ],
  'components in a circle': ['stacks/test/test-eu1.yaml:7:29 component cycle: network → web → network'],
  'a component that uses its own output': ['stacks/test/test-eu1.yaml:9:28 component cycle: web → web'],
  'a provider that waits for a component': [
    'stacks/test/test-eu1.yaml:5:44 a provider cannot use an output of a component of its own stack (read it from another stack with fromStack, or from a secret)',
  ],
  'a secret without a name': [
    'stacks/test/test-eu1.yaml:7:35 secret names no secret (write { secret: dbPassword })',
  ],
  'a number that would be rounded': [
    'stacks/test/test-eu1.yaml:7:24 12345678901234567890 is too long for a number (quote it: "12345678901234567890")',
  ],
  'a number without end': ['stacks/test/test-eu1.yaml:7:21 .inf is not a finite number'],
  'an output named as a component': [
    'stacks/test/test-eu1.yaml:10:20 "web" is a component of this stack (name the output otherwise)',
  ],
  'a label that is a number': [
    'stacks/production/shop-eu1.yaml:4:17 17 is a number, not text (quote it: "17")',
  ],
  'an input that is none': [
    'stacks/test/test-eu1.yaml:9:45 "replica" is not an input here (did you mean "replicas"?)',
  ],
  'an input too large': ['stacks/test/test-eu1.yaml:9:55 21 is too big (at most 20)'],
  'an input of another type': ['stacks/test/test-eu1.yaml:9:55 "three" is not a whole number'],
  'an input in halves': ['stacks/test/test-eu1.yaml:9:55 2.5 is not a whole number'],
  'an input outside its list': [
    'stacks/test/test-eu1.yaml:9:51 "smal" is not small or large (did you mean "small"?)',
  ],
  'an input against its pattern': [
    'stacks/test/test-eu1.yaml:9:51 "A.EXAMPLE" does not match ^[a-z.]+$ (Host name, lower case.)',
  ],
  'an input against its format': [
    'stacks/test/test-eu1.yaml:9:51 "ten" is not an IPv4 range such as 10.0.0.0/16',
  ],
  'a list of the wrong things': ['stacks/test/test-eu1.yaml:9:57 "http" is not a whole number'],
  'a list too long': ['stacks/test/test-eu1.yaml:9:52 the list has 3 items (at most 2)'],
  'a required input that is missing': [
    'stacks/production/shop-eu1.yaml:7:5 "host" is missing',
    'stacks/test/test-eu1.yaml:9:5 "host" is missing',
  ],
  'a wrong input in a fragment': ['stacks/_shared/eu.yaml:4:25 0 is too small (at least 1)'],
  'a strict pin without a reason': [
    'stacks/production/shop-eu1.yaml:6:3 this pin lacks reason (a pin has commit, digest, reason and until)',
  ],
  'a strict pin without an end': [
    'stacks/production/shop-eu1.yaml:6:3 this pin lacks until (a pin has commit, digest, reason and until)',
  ],
  'a strict pin whose time has passed': [
    'stacks/production/shop-eu1.yaml:10:12 this pin ended on 2026-06-15 (remove the pin, or decide on a later date)',
  ],
  'a strict pin until no day': [
    'stacks/production/shop-eu1.yaml:10:12 "2027-02-31" is not a date (write it as 2027-01-31 or 2027-01-31T12:00:00Z)',
  ],
  'an import that is not there': [
    'stacks/production/shop-eu1.yaml:1:10 stacks/_shared/us.yaml does not exist',
  ],
  'an import out of the repository': [
    'stacks/production/shop-eu1.yaml:1:10 "../../../etc/passwd.yaml" leads out of the repository',
  ],
  'an absolute import': [
    'stacks/production/shop-eu1.yaml:1:10 "/etc/passwd" is not a relative path (write it from this file, with /: ../_shared/eu.yaml)',
  ],
  'an import of a URL': [
    'stacks/production/shop-eu1.yaml:1:10 "https://example.com/a.yaml" is not a relative path (write it from this file, with /: ../_shared/eu.yaml)',
  ],
  'an import of something else': [
    'stacks/production/shop-eu1.yaml:1:10 "../_shared/eu.json" does not end in .yaml',
  ],
  'an import of itself': [
    'stacks/production/shop-eu1.yaml:1:10 import cycle: stacks/production/shop-eu1.yaml → stacks/production/shop-eu1.yaml (leave this import out)',
  ],
  'fragments in a circle': [
    'stacks/_shared/us.yaml:1:10 import cycle: stacks/_shared/eu.yaml → stacks/_shared/us.yaml → stacks/_shared/eu.yaml (leave this import out)',
  ],
  'an import written twice': [
    'stacks/production/shop-eu1.yaml:1:30 "../_shared/eu.yaml" is imported twice (leave one out)',
  ],
  'an import list that is none': ['stacks/_shared/eu.yaml:1:9 import is not a list of paths'],
  'an unknown key in a fragment': [
    'stacks/_shared/eu.yaml:1:1 "lables" is not a key here (did you mean "labels"?)',
  ],
  'a stack described twice': [
    'stacks/test/test-eu1.yaml:1:1 stack "test-eu1" is described twice (stacks/other/test-eu1.yaml has the same name)',
  ],
  'a stack file with an unsafe name': [
    'stacks/test/Test EU.yaml:1:1 "Test EU" is not a safe name (use a-z, 0-9 and -, start with a letter, at most 63 characters)',
  ],
  'a stack file that ends in .yml': ['stacks/test/test-eu2.yml:1:1 a stack file ends in .yaml (rename it)'],
  'a check of nothing': ['stacks/test/test-eu1.yaml:12:13 this check tests nothing (add http: or output:)'],
  'a check of two things': [
    'stacks/test/test-eu1.yaml:12:54 a check has http or output, not both (make it two checks)',
  ],
  'an output check without a condition': [
    'stacks/test/test-eu1.yaml:12:13 this check says nothing about its output (add one of equals, matches, between, atLeast, atMost, exists)',
  ],
  'an output check with two conditions': [
    'stacks/test/test-eu1.yaml:12:61 atMost does not belong here (an output check has one of equals, matches, between, atLeast, atMost, exists)',
  ],
  'a check of an unknown output': [
    'stacks/test/test-eu1.yaml:12:30 "urll" is neither an output nor a component of this stack (did you mean "url"?)',
  ],
  'a check of a whole component': [
    'stacks/test/test-eu1.yaml:12:30 "web" is a component, not an output (write web.OUTPUT)',
  ],
  'a check of an output the component lacks': [
    'stacks/test/test-eu1.yaml:12:30 "readyReplica" is not an output of web (did you mean "readyReplicas"?)',
  ],
  'a check that no number passes': [
    'stacks/test/test-eu1.yaml:12:58 nothing is between 3 and 1 (the smaller number comes first)',
  ],
  'a check with a broken pattern': ['stacks/test/test-eu1.yaml:12:44 "(" is not a regular expression'],
  'a pass rule that never passes': [
    'stacks/test/test-eu1.yaml:12:55 "4 of 3" is not a pass rule (write it as 3 of 3)',
  ],
  'a pass rule that is a number': [
    'stacks/test/test-eu1.yaml:12:55 3 is not a pass rule (write it as 3 of 3)',
  ],
  'a check that never waits': [
    'stacks/test/test-eu1.yaml:12:56 "0s" is not a duration (write it as 90s, 30m, 2h or 7d)',
  ],
  'a check twice': ['stacks/test/test-eu1.yaml:13:13 check "answers" stands here twice'],
  'an HTTP check of a relative path': [
    'stacks/test/test-eu1.yaml:12:58 "healthz" is not a path (start it with /)',
  ],
  'an HTTP status that is none': ['stacks/test/test-eu1.yaml:12:60 99 is too small (at least 100)'],
  'an unknown key of a check': [
    'stacks/test/test-eu1.yaml:12:52 "pat" is not a key here (did you mean "path"?)',
  ],
  'an HTTP check without a URL': ['stacks/test/test-eu1.yaml:12:22 "url" is missing'],
};
