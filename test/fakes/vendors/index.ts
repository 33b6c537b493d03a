/** The fakes there are, by the name of their source. To add one: a file, and a line here. */
import { deelFake } from './deel.ts';
import { gustoFake } from './gusto.ts';
import { personioFake } from './personio.ts';
import type { VendorFake } from './vendor.ts';

/** Makes the fake of a vendor. */
export type MakeFake = () => VendorFake;

export const FAKES: Readonly<Record<string, MakeFake>> = {
  deel: () => deelFake(),
  gusto: () => gustoFake(),
  personio: () => personioFake(),
};
