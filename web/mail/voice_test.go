package mail_test

import "fund/web/mail"

var (
	_ = sample(mail.ProposalMoved{Title: "给三号院装一排扶手", Path: "/c/angong/start/x"})
	_ = sample(mail.ProposalMoved{Title: "给三号院装一排扶手", State: "submitted", Path: "/c/angong/start/x"})
	_ = sample(mail.ProposalMoved{Title: "给三号院装一排扶手", State: "changes", Why: "预算里写上安装的人工。\n照片换一张清楚的。", Path: "/c/angong/start/x"})
	_ = sample(mail.ProposalMoved{Title: "给三号院装一排扶手", State: "declined", Why: "物业已经在装。", Path: "/c/angong/start/x"})
	_ = sample(mail.ProposalMoved{Title: "给三号院装一排扶手", State: "accepted", Path: "/c/angong/start/x"})
	_ = sample(mail.CampaignUpdate{Campaign: "除夕暖心饭", Title: "灶台搭好了", Text: "三口大锅到了。\n\n- 周六试菜\n- 周日送第一批", Path: "/c/angong/campaigns/dinner/updates/1"})
	_ = sample(mail.CampaignThanks{Campaign: "除夕暖心饭", Title: "谢谢大家", Text: "120 位老人都吃上了。", Path: "/c/angong/campaigns/dinner/updates/2"})
	_ = sample(mail.QuestionAnswered{Campaign: "除夕暖心饭", Question: "吃素的老人怎么办？", Answer: "另做两桌素菜。", Path: "/c/angong/campaigns/dinner#questions"})
)
