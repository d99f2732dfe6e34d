//! Closed lists of names: one macro makes the enum, its names, its parser and its schema.

/// Makes an enum of names: serde, JSON schema, `ALL`, `ALLOWED`, `name`, `Default`, `Display` and `FromStr`.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $type:ident as $field:literal, default $default:ident {
            $first:ident = $first_name:literal: $first_doc:literal,
            $($variant:ident = $name:literal: $doc:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $type {
            #[doc = $first_doc]
            #[serde(rename = $first_name)]
            $first,
            $(
                #[doc = $doc]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl $type {
            /// Every value.
            pub const ALL: &'static [$type] = &[$type::$first, $($type::$variant,)*];

            /// The names of every value, as errors show them.
            pub const ALLOWED: &'static str = concat!($first_name, $(", ", $name,)*);

            /// The name, as in JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    $type::$first => $first_name,
                    $($type::$variant => $name,)*
                }
            }
        }

        impl Default for $type {
            fn default() -> Self {
                $type::$default
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::error::Error;

            fn from_str(name: &str) -> $crate::error::Result<Self> {
                $type::ALL
                    .iter()
                    .copied()
                    .find(|value| value.name() == name)
                    .ok_or_else(|| $crate::error::Error::invalid($field, name, $type::ALLOWED))
            }
        }
    };
}

pub(crate) use vocabulary;

vocabulary! {
    /// How a change of revision reaches the traffic.
    Strategy as "strategy", default Immediate {
        Immediate = "immediate": "Load the new revision, then switch all traffic at once.",
        Rolling = "rolling": "Replace replicas one after another.",
        BlueGreen = "blue_green": "Build a full second set of replicas, then switch and keep the first for a while.",
        Canary = "canary": "Give the new revision a growing share of the traffic while its metrics hold.",
        Shadow = "shadow": "Copy traffic to the new revision and throw its answers away.",
        AbTesting = "ab_testing": "Split the traffic in halves by sticky key until somebody decides.",
        Replay = "replay": "Run recorded requests on the new revision before it gets any traffic.",
    }
}

vocabulary! {
    /// Where replicas live.
    Target as "target", default Local {
        Local = "local": "Inside the host process.",
        Docker = "docker": "Containers of one Docker host.",
        Swarm = "swarm": "A Docker Swarm service.",
        Kubernetes = "kubernetes": "A Kubernetes deployment.",
        Aws = "aws": "Amazon Web Services.",
        Gcp = "gcp": "Google Cloud.",
        Azure = "azure": "Microsoft Azure.",
        Edge = "edge": "Devices outside a data centre.",
    }
}

vocabulary! {
    /// The least severe message that is reported.
    LogLevel as "log_level", default Warn {
        Off = "off": "Nothing.",
        Error = "error": "What failed.",
        Warn = "warn": "What may fail soon.",
        Info = "info": "What changed.",
        Debug = "debug": "What was decided and why.",
        Trace = "trace": "Everything.",
    }
}

impl Target {
    /// Whether this build has a backend for the target.
    pub const fn is_built(self) -> bool {
        matches!(self, Target::Local)
    }
}
