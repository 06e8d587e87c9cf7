package pledge

import (
	"context"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// What Check finds.
const (
	KeptByAnother   ledger.FindingCode = "pledge_gift_donor"    // a gift keeps the promise of somebody else
	KeptElsewhere   ledger.FindingCode = "pledge_gift_campaign" // a gift keeps a pledge to another campaign
	RemindedOfNoOne ledger.FindingCode = "pledge_reminder"      // a letter about a promise that is not there
)

var rules = []ledger.Rule{
	{Code: KeptByAnother, ZH: "捐赠 {of} 算作了别人的认捐 {got}", EN: "donation {of} keeps somebody else's pledge {got}", Query: `
		SELECT g.donation_id, p.id, ''
		  FROM pledge.gift g
		  JOIN pledge.pledge p ON p.community_id = g.community_id AND p.id = g.pledge_id
		  JOIN campaigns.donation d ON d.community_id = g.community_id AND d.id = g.donation_id
		 WHERE g.community_id = $1 AND d.donor_id IS DISTINCT FROM p.donor_id`},
	{Code: KeptElsewhere, ZH: "捐赠 {of} 不是捐给认捐 {got} 的那次募捐", EN: "donation {of} is not to the campaign of the pledge {got}", Query: `
		SELECT g.donation_id, p.id, ''
		  FROM pledge.gift g
		  JOIN pledge.pledge p ON p.community_id = g.community_id AND p.id = g.pledge_id
		  JOIN campaigns.donation d ON d.community_id = g.community_id AND d.id = g.donation_id
		 WHERE g.community_id = $1 AND d.campaign_id <> p.campaign_id`},
	{Code: RemindedOfNoOne, ZH: "有一封提醒找不到它的认捐或月捐 {of}（{got}）", EN: "a reminder is of a promise {of} that is not there ({got})", Query: `
		SELECT r.promise_id, r.occasion, ''
		  FROM pledge.reminder r
		  LEFT JOIN pledge.pledge p ON p.community_id = r.community_id AND p.id = r.promise_id
		  LEFT JOIN pledge.plan m ON m.community_id = r.community_id AND m.id = r.promise_id
		 WHERE r.community_id = $1 AND p.id IS NULL AND m.id IS NULL`},
}

// Check says where a community's promises and the gifts that keep them do not
// agree. It is for `fund check`, not for a page.
func Check(ctx context.Context, q sqlx.QueryerContext, community int) (found []ledger.Finding, err error) {
	defer wrap(&err, "pledge.Check(%d)", community)
	return ledger.TryRules(ctx, q, community, rules)
}
