//! Holds no code: its dependencies make cargo select the same features for one package as for the workspace.
