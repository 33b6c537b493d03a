/** The 24 flags. The names are copied from Conscent's documentation, "IAM System API". */
import { describe, expect, it } from 'vitest';
import { PERMISSIONS, permissionFlags, permissionSet } from '../../shared/lifecycle/permission.ts';

const DOCUMENTED =
  'ignite paywallBuilder popUpBuilder newsLetterBuilder meterBannerBuilder loginSetting manageSubscription audienceSegment journey payments taxation ' +
  'subscriptionPlan manualSubscriptions Checkout micropayments paymentGateway notifications billing documentation ga4 export webhooks internalUser pdfManager';

describe('permissions', () => {
  it('are the 24 documented ones', () => {
    expect(PERMISSIONS).toHaveLength(24);
    expect([...PERMISSIONS]).toEqual(DOCUMENTED.split(' '));
  });

  it('are always spelled out as all 24 flags', () => {
    const flags = permissionFlags(['Checkout', 'ga4']);
    expect(Object.keys(flags)).toEqual(DOCUMENTED.split(' '));
    expect(
      Object.entries(flags)
        .filter(([, on]) => on)
        .map(([name]) => name),
    ).toEqual(['Checkout', 'ga4']);
    expect(Object.values(permissionFlags([]))).toEqual(Array.from({ length: 24 }, () => false));
  });

  it('form sets: sorted, and each once', () => {
    expect(permissionSet(['export', 'ignite', 'export'])).toEqual(['ignite', 'export']);
    expect(permissionSet([])).toEqual([]);
  });
});
