/** Has osls refuse wrong parameters, in `osls package` and `osls deploy` alike, before it writes a package or asks AWS for anything. */
import { inForce, type Parameters, parameterFaults } from './parameters.ts';

type Values = Record<string, unknown>;

/** The little of osls 4 that is used here. */
interface Osls {
  configurationInput: { params: Record<string, Values | undefined> };
  classes: { Error: new (message: string, code: string) => Error };
  service: { provider: { compiledCloudFormationTemplate: { Resources: Record<string, Resource> } } };
  getProvider(name: 'aws'): { getStage(): string };
}
interface Resource {
  Type: string;
  Properties: { Environment?: { Variables?: Values } };
}

export default class ParametersPlugin {
  readonly hooks: Record<string, () => void>;

  constructor(osls: Osls, options: { param?: string[] }, { log }: { log: { warning(text: string): void } }) {
    this.hooks = {
      'before:package:finalize': () => {
        const stage = osls.getProvider('aws').getStage();
        const { default: defaults = {}, [stage]: ofStage = {} } = osls.configurationInput.params;
        const parameters: Parameters = { defaults, ofStage, options: options.param ?? [] };
        const faults = parameterFaults(parameters, environments(osls));
        if (faults.length > 0) throw new osls.classes.Error(faults.join('\n'), 'WRONG_PARAMETERS');
        if (stage === 'prod' && !inForce(parameters)['alarmEmail'])
          log.warning('prod has no alarmEmail: nobody gets the alarms');
      },
    };
  }
}

function environments({ service }: Osls): Values[] {
  const resources = Object.values(service.provider.compiledCloudFormationTemplate.Resources);
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return functions.map(({ Properties }) => Properties.Environment?.Variables ?? {});
}
