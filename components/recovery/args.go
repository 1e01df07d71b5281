package recovery

// Approval says who decides that a lost region is taken over from.
type Approval string

const (
	// Automatic takes over without asking.
	Automatic Approval = "automatic"
	// Manual asks, and does nothing where nobody approves in time.
	Manual Approval = "manual"
	// AutomaticAfterWait asks, and takes over where nobody refuses in time.
	AutomaticAfterWait Approval = "automaticAfterWait"
)
