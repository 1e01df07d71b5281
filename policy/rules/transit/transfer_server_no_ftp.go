package transit

import "github.com/tandem-platform/tandem/policy/rule"

var _ = rules.Add(rule.Rule{
	ID:          "transfer-server-no-ftp",
	Title:       "Transfer servers do not speak FTP.",
	Severity:    rule.High,
	Description: "FTP sends passwords and files in the clear.",
	Remedy:      "leave FTP out of protocols: use SFTP or FTPS",
	Check:       rule.That("protocols", rule.HasNone("FTP")),
}.On("aws:transfer/server:Server", rule.Properties{"protocols": []any{"SFTP"}}, "protocols", []any{"FTP"}, []any{"SFTP", "FTP"}))
