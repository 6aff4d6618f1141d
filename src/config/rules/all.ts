import {
  channelsAreUnique,
  channelsHoldStacks,
  foldersTellTheChannel,
  stacksAreInOneChannel,
  wavesAscendToAll,
} from './channels';
import { checkConditionsCanHold, checksAreUnique, checksReadAnOutput, checksTestOneThing } from './checks';
import { backendsHoldNoPassword, embeddedStaysHere, pulumiAgrees } from './engine';
import { limitedAccountsExist, rolesCanBeAssumed } from './environments';
import { inputsFitTheComponent } from './inputs';
import {
  componentsDoNotCircle,
  fromNamesAnOutput,
  fromStackNamesAnOutput,
  outputsAndComponentsDiffer,
  providersWaitForNoComponent,
  referencesAreWellFormed,
} from './references';
import type { Rule } from './rule';
import {
  dependenciesComeEarlier,
  dependenciesDoNotCircle,
  dependenciesExist,
  environmentsExist,
  stacksAreNamed,
} from './stacks';
import { componentsArePinned, strictPinsAreWholeAndDated, subscriptionsResolve } from './subscriptions';
import {
  oneTrackStartsFromTrunk,
  trackFoldersAreNamed,
  tracksHaveOneSource,
  upstreamsDoNotCircle,
  upstreamsExist,
} from './tracks';
import { numbersAreExact } from './values';

/** What must hold across files. */
export const rules: readonly Rule[] = [
  embeddedStaysHere,
  backendsHoldNoPassword,
  pulumiAgrees,
  rolesCanBeAssumed,
  limitedAccountsExist,
  channelsAreUnique,
  wavesAscendToAll,
  trackFoldersAreNamed,
  tracksHaveOneSource,
  upstreamsExist,
  upstreamsDoNotCircle,
  oneTrackStartsFromTrunk,
  stacksAreNamed,
  stacksAreInOneChannel,
  environmentsExist,
  dependenciesExist,
  dependenciesComeEarlier,
  dependenciesDoNotCircle,
  subscriptionsResolve,
  componentsArePinned,
  strictPinsAreWholeAndDated,
  referencesAreWellFormed,
  numbersAreExact,
  fromNamesAnOutput,
  fromStackNamesAnOutput,
  componentsDoNotCircle,
  providersWaitForNoComponent,
  outputsAndComponentsDiffer,
  checksAreUnique,
  checksTestOneThing,
  checkConditionsCanHold,
  checksReadAnOutput,
  inputsFitTheComponent,
];

/** What is worth a warning, and stops nothing. */
export const cautions: readonly Rule[] = [channelsHoldStacks, foldersTellTheChannel];
