package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Host is a 托管机构: the qualified charity under whose name the community
// raises money in public (慈善法 Art. 26).
type Host struct {
	ID          int    `db:"id"`
	NameZH      string `db:"name_zh"`
	NameEN      string `db:"name_en"`
	Certificate string `db:"certificate"` // 公开募捐资格证书 number
	// The days on which the certificate is valid; nil where nobody has written them down.
	CertificateFrom  *time.Time `db:"certificate_from"`
	CertificateUntil *time.Time `db:"certificate_until"`
}

// Name is the host's name in the reader's language ("en", else Chinese).
func (h Host) Name(lang string) string { return inLanguage(lang, h.NameZH, h.NameEN) }

// AddHost adds a host and returns it with its id.
func AddHost(ctx context.Context, tx *sqlx.Tx, community int, h Host) (_ Host, err error) {
	defer wrap(&err, "campaigns.AddHost(%d)", community)
	err = tx.GetContext(ctx, &h.ID, `
		INSERT INTO campaigns.host (community_id, id, name_zh, name_en, certificate, certificate_from, certificate_until)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6 FROM campaigns.host WHERE community_id = $1 RETURNING id`,
		community, h.NameZH, h.NameEN, h.Certificate, h.CertificateFrom, h.CertificateUntil)
	return h, err
}

// RenewCertificate writes a host's new certificate down, or the days of the one
// it has. Campaigns under way keep the number they were published with. ErrNotFound.
func RenewCertificate(ctx context.Context, tx *sqlx.Tx, community, host int, number string, from, until *time.Time) (err error) {
	defer wrap(&err, "campaigns.RenewCertificate(%d, %d)", community, host)
	return notFound(move(tx.ExecContext(ctx, `
		UPDATE campaigns.host SET certificate = $3, certificate_from = $4, certificate_until = $5 WHERE community_id = $1 AND id = $2`,
		community, host, number, from, until)))
}

// HostOf reads the host of a campaign; the zero Host where it has none.
func HostOf(ctx context.Context, q sqlx.QueryerContext, community int, c Campaign) (h Host, err error) {
	if c.HostID == nil {
		return h, nil
	}
	defer wrap(&err, "campaigns.HostOf(%d, %s)", community, c.Slug)
	err = sqlx.GetContext(ctx, q, &h, selectHost+` AND id = $2`, community, *c.HostID)
	return h, err
}

const selectHost = `
	SELECT id, name_zh, name_en, certificate, certificate_from, certificate_until FROM campaigns.host WHERE community_id = $1`

// ListHosts reads a community's hosts; the first is the one its pages name.
func ListHosts(ctx context.Context, q sqlx.QueryerContext, community int) (hosts []Host, err error) {
	defer wrap(&err, "campaigns.ListHosts(%d)", community)
	err = sqlx.SelectContext(ctx, q, &hosts, selectHost+` ORDER BY id`, community)
	return hosts, err
}

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}
