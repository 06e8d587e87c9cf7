package public

import (
	"strings"

	"fund/campaigns/voice"
	"fund/web/i18n"
	"fund/web/mail"
)

// VoiceLetter composes what campaigns/voice has to tell somebody, with the addresses of these pages.
func VoiceLetter(l voice.Letter) mail.Letter {
	home, campaign := "/c/"+l.Community.Slug, l.Campaign.Title(l.Lang)
	letter := mail.Letter{Key: l.Key, To: mail.Person{Name: l.Name, Address: l.Email}, Lang: i18n.Lang(l.Lang)}
	switch p := l.Post; {
	case l.Proposal != nil:
		letter.Content = mail.ProposalMoved{Title: l.Proposal.Title, State: string(l.Step.State), Why: l.Step.Why, Path: home + startPath(l.Proposal.Token)}
	case l.Entry != nil:
		letter.Content = mail.QuestionAnswered{
			Campaign: l.Entry.Memo + " · " + l.Entry.Voucher(), Question: l.Question.Body, Answer: unstarred(l.Question.Answer),
			Path: home + "/ledger/" + l.Entry.Voucher() + "#q-" + l.Question.ID.String(),
		}
	case l.Question != nil:
		letter.Content = mail.QuestionAnswered{
			Campaign: campaign, Question: l.Question.Body, Answer: unstarred(l.Question.Answer),
			Path: home + "/campaigns/" + l.Campaign.Slug + "#q-" + l.Question.ID.String(),
		}
	default:
		told := mail.CampaignUpdate{Campaign: campaign, Title: p.Title(l.Lang), Text: unstarred(p.Body(l.Lang)), Path: home + postPath(l.Campaign.Slug, p.ID)}
		letter.Content, letter.Unsubscribe = told, home+"/letters/"+l.Token
		if p.Kind == voice.Thanks {
			letter.Content = mail.CampaignThanks(told)
		}
	}
	return letter
}

// unstarred is Markdown as a letter in plain text has it: without the stars of bold words.
func unstarred(text string) string { return strings.ReplaceAll(text, "**", "") }
