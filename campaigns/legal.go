package campaigns

import (
	"fmt"
	"strings"
	"time"
)

// MonthsAfter is the last day of a term of whole months that begins with a
// day: the day of the same number, or the month's last where there is none
// (民法典 Art. 202). Three months after 30 November end on 28 February.
func MonthsAfter(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

// LegalLine is what the law wants shown wherever the campaign asks: who raises
// the money, on which certificate and filing, when, and whom to ask (慈善法
// 2024 Art. 24 to 26). Page, poster, receipt and PDF print it as it is. host
// is the campaign's own, zero where it has none.
func LegalLine(c Campaign, host Host, lang string) string {
	words, sep := legalZH, " · "
	if lang == "en" {
		words = legalEN
	}
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	parts := []string{words[string(c.Basis)]}
	if c.Basis == PublicBasis {
		if name := host.Name(lang); name != "" {
			parts = append(parts, fmt.Sprintf(words["host"], name))
		}
		switch {
		case c.Certificate != "" && host.CertificateUntil != nil:
			parts = append(parts, fmt.Sprintf(words["certificate_until"], c.Certificate, day(*host.CertificateUntil)))
		case c.Certificate != "":
			parts = append(parts, fmt.Sprintf(words["certificate"], c.Certificate))
		}
		if c.FilingNumber != "" {
			parts = append(parts, fmt.Sprintf(words["filing"], c.FilingNumber))
		}
	}
	parts = append(parts, fmt.Sprintf(words["dates"], day(c.StartsOn), day(c.EndsOn)))
	if c.ContactPhone != "" {
		parts = append(parts, fmt.Sprintf(words["ask"], c.ContactPhone))
	}
	return strings.Join(parts, sep)
}

var (
	legalZH = map[string]string{
		"public": "公开募捐", "targeted": "定向募捐，只面向本社区的居民和成员", "sale": "义卖，不是募捐",
		"host": "募捐人：%s", "certificate": "公开募捐资格证书 %s", "certificate_until": "公开募捐资格证书 %s（有效期至 %s）",
		"filing": "备案编号 %s", "dates": "%s 至 %s", "ask": "咨询 %s",
	}
	legalEN = map[string]string{
		"public": "Public appeal", "targeted": "For residents and members only, no public appeal", "sale": "A sale, no appeal",
		"host": "raised by %s", "certificate": "certificate %s", "certificate_until": "certificate %s (valid until %s)",
		"filing": "filing %s", "dates": "%s to %s", "ask": "ask %s",
	}
)
