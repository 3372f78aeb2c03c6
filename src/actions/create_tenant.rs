//! Creating a tenant that is ready to use.

use jiff::Timestamp;

use crate::db::{Db, agents, subchannels, tags, tenants};
use crate::domain::agent::{NewAgent, Role};
use crate::domain::id::TenantId;
use crate::domain::subchannel::{NewSubchannel, SubchannelKind};
use crate::domain::tag::{Color, NewTag, TagPriority, TagReference, TagType, Visibility};
use crate::error::Error;

/// What a new tenant is called.
#[derive(Debug, Clone)]
pub struct NewTenant<'a> {
    pub slug: &'a str,
    pub name: &'a str,
}

/// Creates a tenant with its defaults: an administrator, a subchannel of every kind, and the tag for
/// tickets that no other tag fits. Returns `None`, with nothing done, where the slug is taken.
pub async fn create_tenant(db: &Db, new: NewTenant<'_>, now: Timestamp) -> Result<Option<TenantId>, Error> {
    let Some(mut tx) = tenants::begin_new(db, new.slug, new.name, now).await? else {
        return Ok(None);
    };
    let admin = NewAgent {
        role: Role::Admin,
        first_name: "Admin".into(),
        last_name: String::new(),
        email: None,
        phone: None,
        lang: "de".into(),
        name_alias: None,
        external_id: None,
    };
    agents::insert(&mut tx, &admin, now).await?;
    let kinds = [
        (SubchannelKind::Email, "E-Mail"),
        (SubchannelKind::Portal, "Portal"),
        (SubchannelKind::Phone, "Telefon"),
        (SubchannelKind::Letter, "Brief"),
        (SubchannelKind::Chat, "Chat"),
    ];
    for (kind, name) in kinds {
        let subchannel = NewSubchannel { kind, name: name.into(), status: None, is_default: true };
        subchannels::insert(&mut tx, &subchannel).await?;
    }
    let tag = NewTag { properties: vec!["defaultSkill".into()], ..named_tag("Allgemein") };
    tags::insert(&mut tx, &tag, &tag.name, &[], None, now).await?;
    let tenant = tx.tenant();
    tx.commit().await?;
    Ok(Some(tenant))
}

/// A public skill that is assigned by hand.
pub(super) fn named_tag(name: &str) -> NewTag {
    NewTag {
        name: name.into(),
        full_name: None,
        parent_id: None,
        reference: TagReference::Ticket,
        r#type: TagType::Skill,
        visibility: Visibility::Public,
        color: Color::Grey,
        properties: Vec::new(),
        complexity: "moderate".into(),
        sla_hours: Some(8.0),
        priority: TagPriority::DoNotChange,
        channels: Vec::new(),
        subchannel_ids: Vec::new(),
        routing_relevance: true,
        detection_details: r#"{"type":"manualAssignment"}"#.into(),
        test_case: "{}".into(),
    }
}
