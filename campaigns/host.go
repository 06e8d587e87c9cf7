package campaigns

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// Host is a 托管机构: the qualified charity under whose name the community
// raises money in public (慈善法 Art. 26).
type Host struct {
	ID          int    `db:"id"`
	NameZH      string `db:"name_zh"`
	NameEN      string `db:"name_en"`
	Certificate string `db:"certificate"` // 公开募捐资格证书 number
}

// Name is the host's name in the reader's language ("en", else Chinese).
func (h Host) Name(lang string) string { return inLanguage(lang, h.NameZH, h.NameEN) }

// AddHost adds a host and returns it with its id.
func AddHost(ctx context.Context, tx *sqlx.Tx, community int, h Host) (_ Host, err error) {
	defer wrap(&err, "campaigns.AddHost(%d)", community)
	err = tx.GetContext(ctx, &h.ID, `
		INSERT INTO campaigns.host (community_id, id, name_zh, name_en, certificate)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4 FROM campaigns.host WHERE community_id = $1 RETURNING id`,
		community, h.NameZH, h.NameEN, h.Certificate)
	return h, err
}

// ListHosts reads a community's hosts; the first is the one its pages name.
func ListHosts(ctx context.Context, q sqlx.QueryerContext, community int) (hosts []Host, err error) {
	defer wrap(&err, "campaigns.ListHosts(%d)", community)
	err = sqlx.SelectContext(ctx, q, &hosts, `
		SELECT id, name_zh, name_en, certificate FROM campaigns.host WHERE community_id = $1 ORDER BY id`, community)
	return hosts, err
}

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
