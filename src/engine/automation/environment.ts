import { cloudOf, type Project } from '../../core/project';

/** Variables every child may see; anything else a stack's environment block must name. */
const ALLOWED: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'PULUMI_HOME',
  'PULUMI_CONFIG_PASSPHRASE',
  'PULUMI_CONFIG_PASSPHRASE_FILE',
  'PULUMI_ACCESS_TOKEN',
  'PULUMI_DEBUG_PROVIDERS',
];

/** The sandbox's state holds nothing secret; a real cloud has no default. */
export const SANDBOX_PASSPHRASE = 'sandbox';

/**
 * The CLI's collector is a fifth of what a short operation costs: it runs seldom, until there is a gigabyte to collect. Not
 * where the CLI starts providers: they would inherit this, and some hold hundreds of megabytes.
 */
const COLLECTOR: NodeJS.ProcessEnv = { GOGC: '800', GOMEMLIMIT: '1GiB' };

/** What a forked child gets of the driver's variables: the allow-list, never the ledger's address. */
export function childEnvironment(
  { engine }: Project,
  {
    attach,
    own = process.env,
  }: { readonly attach?: string | undefined; readonly own?: NodeJS.ProcessEnv } = {},
): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    ALLOWED.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])),
  );
  const isUnlocked =
    kept['PULUMI_CONFIG_PASSPHRASE'] !== undefined || kept['PULUMI_CONFIG_PASSPHRASE_FILE'] !== undefined;
  if (cloudOf(engine) === 'sandbox' && !isUnlocked) kept['PULUMI_CONFIG_PASSPHRASE'] = SANDBOX_PASSPHRASE;
  // Left over in a shell from a look at the sandbox, it would make a rollout believe that it changed a real cloud.
  if (cloudOf(engine) === 'real') delete kept['PULUMI_DEBUG_PROVIDERS'];
  if (attach === undefined) return kept;
  // The sandbox brings all providers it has: none is looked for elsewhere, least of all on the network before each operation.
  return {
    ...kept,
    ...COLLECTOR,
    PULUMI_DEBUG_PROVIDERS: attach,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
  };
}
