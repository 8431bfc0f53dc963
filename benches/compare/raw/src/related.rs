//! 100 members, their topics and the replies to these: three statements, put together by hand.

use bench_kit::data;
use std::collections::HashMap;

pub const MEMBERS: &str = "SELECT id, name, email FROM members";
pub const TOPICS: &str = "SELECT id, title, views, member_id FROM topics WHERE member_id";
pub const REPLIES: &str = "SELECT id, text, topic_id FROM replies WHERE topic_id";

pub struct Member {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub topics: Vec<Topic>,
}

pub struct Topic {
    pub id: i64,
    pub title: String,
    pub views: i32,
    pub member_id: i64,
    pub replies: Vec<Reply>,
}

pub struct Reply {
    pub id: i64,
    pub text: String,
    pub topic_id: i64,
}

/// `TEXT IN (?, ?, ..)`
pub fn of_each(text: &str, keys: usize) -> String {
    let mut text = format!("{text} IN (?");
    for _ in 1..keys {
        text.push_str(", ?");
    }
    text.push(')');
    text
}

/// Puts the replies into their topics and these into their members.
pub fn put_together(members: &mut [Member], mut topics: Vec<Topic>, replies: Vec<Reply>) -> u64 {
    let places: HashMap<i64, usize> = topics.iter().enumerate().map(|(place, topic)| (topic.id, place)).collect();
    for reply in replies {
        if let Some(place) = places.get(&reply.topic_id) {
            topics[*place].replies.push(reply);
        }
    }
    let places: HashMap<i64, usize> = members.iter().enumerate().map(|(place, member)| (member.id, place)).collect();
    for topic in topics {
        if let Some(place) = places.get(&topic.member_id) {
            members[*place].topics.push(topic);
        }
    }
    members.iter().map(member).sum()
}

fn member(member: &Member) -> u64 {
    let topics = member.topics.iter().map(|topic| {
        let replies = topic.replies.iter().map(|reply| data::reply(reply.id, &reply.text, reply.topic_id));
        data::topic(topic.id, &topic.title, topic.views, topic.member_id) + replies.sum::<u64>()
    });
    data::member(member.id, &member.name, &member.email) + topics.sum::<u64>()
}
