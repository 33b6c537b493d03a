/** The fakes there are, by the name of their source. To add one: a file, and a line here. */
import { bamboohrFake } from './bamboohr.ts';
import { deelFake } from './deel.ts';
import { factorialFake } from './factorial.ts';
import { freshserviceFake } from './freshservice.ts';
import { gustoFake } from './gusto.ts';
import { hibobFake } from './hibob.ts';
import { jiraFake } from './jira.ts';
import { oktaFake } from './okta.ts';
import { personioFake } from './personio.ts';
import { remoteFake } from './remote.ts';
import { servicenowFake } from './servicenow.ts';
import type { VendorFake } from './vendor.ts';
import { zendeskFake } from './zendesk.ts';

/** Makes the fake of a vendor. */
export type MakeFake = () => VendorFake;

export const FAKES: Readonly<Record<string, MakeFake>> = {
  bamboohr: () => bamboohrFake(),
  deel: () => deelFake(),
  factorial: () => factorialFake(),
  freshservice: () => freshserviceFake(),
  gusto: () => gustoFake(),
  hibob: () => hibobFake(),
  jira: () => jiraFake(),
  okta: () => oktaFake(),
  personio: () => personioFake(),
  remote: () => remoteFake(),
  zendesk: () => zendeskFake(),
  servicenow: () => servicenowFake(),
};
