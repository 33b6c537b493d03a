/** The fakes there are, by the name of their source. To add one: a file, and a line here. */
import { bamboohrFake } from './bamboohr.ts';
import { hibobFake } from './hibob.ts';
import type { VendorFake } from './vendor.ts';

/** Makes the fake of a vendor. */
export type MakeFake = () => VendorFake;

export const FAKES: Readonly<Record<string, MakeFake>> = {
  bamboohr: () => bamboohrFake(),
  hibob: () => hibobFake(),
};
