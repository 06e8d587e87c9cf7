package mail

// ProposalMoved tells a resident how their proposal for a campaign stands.
type ProposalMoved struct {
	Title string
	State string // submitted, changes, declined or accepted; empty of its new address
	Why   string // the staff's words; may be empty
	Path  string // of the proposal's own page: a key
}

// Template names the letter's files.
func (ProposalMoved) Template() string { return "proposal" }

// CampaignUpdate tells givers who asked for it what a campaign has done.
type CampaignUpdate struct {
	Campaign, Title string
	Text            string // Markdown, as it was written
	Path            string // of the update's page
}

// Template names the letter's files.
func (CampaignUpdate) Template() string { return "update" }

// CampaignThanks thanks the givers of a campaign who asked for mail.
type CampaignThanks CampaignUpdate

// Template names the letter's files.
func (CampaignThanks) Template() string { return "thanks" }

// QuestionAnswered sends the answer to whoever asked.
type QuestionAnswered struct {
	Campaign         string // or the entry that was asked about
	Question, Answer string
	Path             string // of the answer on its page
}

// Template names the letter's files.
func (QuestionAnswered) Template() string { return "answer" }
