import type { Expected } from './case';

export const expectedSignalbox: Expected = {
  'an unknown key': ['signalbox.yaml:2:1 "engin" is not a key here (did you mean "engine"?)'],
  'a key that is like no other': [
    'signalbox.yaml:2:1 "calendar" is not a key here (keys: project, engine, sandbox, channels, environments)',
  ],
  'a project without a name': ['signalbox.yaml:1:1 "project" is missing'],
  'a project name that is no safe name': [
    'signalbox.yaml:1:10 "My Shop" is not a safe name (use a-z, 0-9 and -, start with a letter, at most 63 characters)',
  ],
  'a reserved name': ['signalbox.yaml:1:10 "constructor" is a reserved name (choose another name)'],
  'an unknown engine': ['signalbox.yaml:2:9 "embeded" is not embedded or pulumi (did you mean "embedded"?)'],
  'an unknown engine in the long form': [
    'signalbox.yaml:2:17 "pulumy" is not embedded or pulumi (did you mean "pulumi"?)',
  ],
  'an unknown key of the engine': [
    'signalbox.yaml:2:25 "paralel" is not a key here (did you mean "parallel"?)',
  ],
  'an embedded engine on a real cloud': [
    'signalbox.yaml:2:34 the embedded engine works on the sandbox cloud only (write kind: pulumi for a real cloud, or leave the cloud out)',
  ],
  'an embedded engine with its state elsewhere': [
    'signalbox.yaml:2:36 the embedded engine keeps its state in files only (write kind: pulumi for this backend, or leave the backend out)',
  ],
  'a password in the address of the backend': [
    'signalbox.yaml:2:34 the address of the backend holds a password (leave it out, and name the variable that holds it (PGPASSWORD) in the environments of the stacks)',
  ],
  'a password among the parameters of the backend': [
    'signalbox.yaml:2:34 the address of the backend holds a password (leave it out, and name the variable that holds it (PGPASSWORD) in the environments of the stacks)',
  ],
  'another project in Pulumi.yaml': [
    'Pulumi.yaml:2:13 the project is "shop" in signalbox.yaml (give it one name in both files: it is part of every URN)',
  ],
  'another backend in Pulumi.yaml': [
    'signalbox.yaml:2:34 Pulumi.yaml names another backend (name it in one of the files only)',
  ],
  'a password in the backend of Pulumi.yaml': [
    'Pulumi.yaml:3:8 the address of the backend holds a password (leave it out, and name the variable that holds it (PGPASSWORD) in the environments of the stacks)',
  ],
  'an engine that is a list': ['signalbox.yaml:2:9 a list is not embedded or pulumi'],
  'no parallel operation at all': ['signalbox.yaml:2:35 0 is too small (at least 1)'],
  'a limit of an account that no environment works in': [
    'signalbox.yaml:2:47 no environment works in the account "shop-tset" (did you mean "shop-test"?)',
  ],
  'no operation at all in an account': ['signalbox.yaml:2:47 0 is too small (at least 1)'],
  'an unknown limit': ['signalbox.yaml:2:35 "perAcount" is not a key here (did you mean "perAccount"?)'],
  'an account as a number': [
    'signalbox.yaml:8:24 123456789012 is a number, not text (quote it: "123456789012")',
  ],
  'a role of no account': [
    'signalbox.yaml:8:41 nothing says in which account the role "deploy" is (write its ARN, or the 12 digits of the account beside it)',
  ],
  'a profile that goes on in the next line': [
    'signalbox.yaml:8:24 "shop\\ncredential_process = /bin/sh" is not the name of a profile (use letters, digits and _ + = , . @ : / -)',
  ],
  'a profile that closes a bracket': [
    'signalbox.yaml:8:24 "shop] #" is not the name of a profile (use letters, digits and _ + = , . @ : / -)',
  ],
  'a region that goes on in the next line': [
    'signalbox.yaml:8:43 "eu\\rcredential_process = /bin/sh" is not a region (write it as eu-west-1)',
  ],
  'a role that goes on in the next line': [
    'signalbox.yaml:8:61 "deploy\\n" is not a role (write its ARN, or its name beside the account)',
  ],
  'a role that nobody assumes': [
    'signalbox.yaml:8:21 nothing says whose credentials assume this role (name a profile, or the variable AWS_WEB_IDENTITY_TOKEN_FILE)',
  ],
  'a role that is none': [
    'signalbox.yaml:8:41 "arn:aws:iam::1:user/x" is not a role (write its ARN, or its name beside the account)',
  ],
  'keys beside a profile': [
    'signalbox.yaml:8:66 these keys would be used instead of the profile (leave one of them out)',
  ],
  'a time scale that stands still': ['signalbox.yaml:3:23 0 is too small (more than 0)'],
  'a time scale in words': ['signalbox.yaml:3:23 "fast" is not a number'],
  'a duration without a unit': ['signalbox.yaml:5:43 30 is not a duration (write it as 90s, 30m, 2h or 7d)'],
  'a duration in an unknown unit': [
    'signalbox.yaml:5:43 "30min" is not a duration (write it as 90s, 30m, 2h or 7d)',
  ],
  'a channel without a soak': ['signalbox.yaml:5:5 "soak" is missing'],
  'a wave of nothing': [
    'signalbox.yaml:5:27 0 is not the size of a wave (write a number of stacks or a share such as 25%)',
  ],
  'a share above all': [
    'signalbox.yaml:5:30 "120%" is not the size of a wave (write a number of stacks or a share such as 25%)',
  ],
  'shares that fall': ['signalbox.yaml:6:38 waves are cumulative: each is larger than the one before'],
  'waves that leave stacks out': [
    'signalbox.yaml:6:36 the last wave leaves stacks out (end the waves with 100%)',
  ],
  'no wave at all': ['signalbox.yaml:5:26 the list is too short (at least 1)'],
  'a channel twice': [
    'signalbox.yaml:6:13 channel "test" stands here twice',
    'stacks/production/shop-eu1.yaml:2:10 "production" is not a channel (channels: test)',
  ],
  'channels as a map': ['signalbox.yaml:4:11 a map is not a list'],
  'an unknown answer to failure': [
    'signalbox.yaml:6:69 "takeback" is not take-back or halt (did you mean "take-back"?)',
  ],
  'a negative failure budget': ['signalbox.yaml:6:73 -1 is too small (at least 0)'],
  'a failure budget in halves': ['signalbox.yaml:6:73 0.5 is not a whole number'],
  'an environment with an unsafe name': [
    'signalbox.yaml:8:3 "AWS test" is not a safe name (use a-z, 0-9 and -, start with a letter, at most 63 characters)',
    'stacks/test/test-eu1.yaml:4:14 "aws-test" is not an environment (did you mean "AWS test"?)',
  ],
  'a variable with its value': [
    'signalbox.yaml:8:66 "AWS_TOKEN=secret" is not the name of a variable (name a variable; its value comes from where Signalbox runs)',
  ],
  'a fault of an unknown call': [
    'signalbox.yaml:3:48 "creat" is not create, update or delete (did you mean "create"?)',
  ],
  'faults that cannot be played': [
    'signalbox.yaml:4:21 25 is not a share (write it as 25%)',
    'signalbox.yaml:5:39 0 is too small (at least 0.01)',
    'signalbox.yaml:6:35 "tags." is not the path of a property (write it as tags.Team, rules[0].port or labels["a.b/c"])',
    'signalbox.yaml:7:16 "value" is missing',
  ],
  'a key written twice': ['signalbox.yaml:2:1 "project" is written twice'],
  'keys that only look different': ['signalbox.yaml:2:1 "7" is written twice'],
  'a tab as indentation': ['signalbox.yaml:5:1 a tab indents this line (use spaces)'],
  'an unclosed bracket': [
    'signalbox.yaml:5:46 this is not YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  'an empty file': ['signalbox.yaml:1:1 the file is empty'],
  'a list for a file': ['signalbox.yaml:1:1 the file does not hold a map of keys'],
  'a second document': ['signalbox.yaml:7:1 a second document starts here (write one document a file)'],
  'an anchor and its alias': [
    'signalbox.yaml:1:10 anchors are not read (write it out, or share it through import:)',
    'signalbox.yaml:2:9 aliases are not read (write it out, or share it through import:)',
  ],
  'a tag': ['signalbox.yaml:1:10 tags are not read (leave it out)'],
  'a prototype key': ['signalbox.yaml:2:1 "__proto__" cannot be a key'],
  'bytes that are no UTF-8': ['signalbox.yaml:1:1 this file is not UTF-8 text'],
  'a file with NUL': ['signalbox.yaml:1:1 this file holds NUL characters: it is not text'],
  'a file of more than a megabyte': ['signalbox.yaml:1:1 this file is larger than 1 MB'],
  'brackets as deep as a bomb': ['signalbox.yaml:1:1 this is nested more than 40 deep'],
  'maps as deep as a bomb': ['signalbox.yaml:1:170 this is nested more than 40 deep'],
};
